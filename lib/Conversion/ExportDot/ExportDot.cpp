//===- ExportDot.cpp - drawings of models --------------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "ModelGraph.h"

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/TF/IR/TFOps.h"
#include "bert/Support/AtomicOutput.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace bertmlir {
#define GEN_PASS_DEF_EXPORTDOT
#include "bert/Conversion/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::exportdot;

// In a label that is written like HTML.
static std::string escape(StringRef text) {
  std::string result;
  llvm::raw_string_ostream os(result);
  llvm::printHTMLEscaped(text, os);
  return result;
}

static StringRef getStyle(NodeKind kind) {
  switch (kind) {
  case NodeKind::Input:
  case NodeKind::Output:
    return "shape=ellipse, fillcolor=\"#ddf4e4\"";
  case NodeKind::Compute:
    return "fillcolor=\"#cfe3f7\"";
  case NodeKind::Movement:
    return "fillcolor=\"#eeeeee\"";
  }
  llvm_unreachable("all kinds have a style");
}

static void writeNode(raw_ostream &os, unsigned index, const Node &node, StringRef scope) {
  os << "    n" << index << " [label=<<b>" << escape(node.title) << "</b>";
  StringRef name = node.name;
  name.consume_front(scope);
  name.consume_front("/");
  auto line = [&](StringRef text, StringRef colour) {
    os << "<br/><font point-size=\"8\" color=\"" << colour << "\">" << escape(text) << "</font>";
  };
  if (!name.empty())
    line(name, "#333333");
  for (StringRef detail : node.details)
    line(detail, "#8a4b08");
  os << ">, " << getStyle(node.kind) << "];\n";
}

static std::string writeDot(const ModelGraph &graph, StringRef title) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "digraph {\n"
     << "  graph [label=<" << escape(title)
     << ">, labelloc=t, fontname=\"Helvetica\", fontsize=11, bgcolor=white, nodesep=0.15, "
        "ranksep=0.3];\n"
     << "  node [shape=box, style=\"rounded,filled\", color=\"#8c959f\", fontname=\"Helvetica\", "
        "fontsize=10, "
        "height=0.3, margin=\"0.1,0.04\"];\n"
     << "  edge [color=\"#57606a\", fontcolor=\"#57606a\", fontname=\"Helvetica\", fontsize=8, "
        "arrowsize=0.6];\n";
  llvm::MapVector<StringRef, SmallVector<unsigned>> scopes;
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    scopes[getScope(node.name)].push_back(index);
  for (auto [position, entry] : llvm::enumerate(scopes)) {
    const auto &[scope, indices] = entry;
    if (!scope.empty())
      os << "  subgraph cluster_" << position << " {\n    label=<" << escape(scope)
         << ">; style=\"rounded,filled\"; color=\"#d0d7de\"; fillcolor=\"#f9fafb\";\n";
    for (unsigned index : indices)
      writeNode(os, index, graph.nodes[index], scope);
    if (!scope.empty())
      os << "  }\n";
  }
  for (const Edge &edge : graph.edges) {
    os << "  n" << edge.from << " -> n" << edge.to << " [label=\" ";
    llvm::interleave(edge.labels, os, "\\n ");
    os << "\"];\n";
  }
  os << "}\n";
  return text;
}

// What Graphviz's `dot` makes of a drawing.
static llvm::Expected<std::string> renderSVG(StringRef dot) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName("dot");
  if (!program)
    return llvm::createStringError("the program 'dot' is not there, which writes SVG; install "
                                   "graphviz, or name a file that ends in .dot");
  SmallString<128> input, output;
  if (std::error_code error = llvm::sys::fs::createTemporaryFile("model", "dot", input))
    return llvm::createStringError("no temporary file: " + error.message());
  llvm::FileRemover removeInput(input);
  if (std::error_code error = llvm::sys::fs::createTemporaryFile("model", "svg", output))
    return llvm::createStringError("no temporary file: " + error.message());
  llvm::FileRemover removeOutput(output);
  std::error_code error;
  llvm::raw_fd_ostream os(input, error);
  os << dot;
  os.close();
  if (error || os.has_error())
    return llvm::createStringError("can't write '" + input + "'");
  std::string message;
  if (llvm::sys::ExecuteAndWait(*program, {*program, "-Tsvg", "-o", output, input}, std::nullopt,
                                {},
                                /*SecondsToWait=*/0, /*MemoryLimit=*/0, &message) != 0)
    return llvm::createStringError("dot failed" + (message.empty() ? "" : ": " + message));
  auto buffer = llvm::MemoryBuffer::getFile(output);
  if (!buffer)
    return llvm::createStringError("dot wrote nothing");
  return (*buffer)->getBuffer().str();
}

namespace {
class ExportDot : public bertmlir::impl::ExportDotBase<ExportDot> {
  using ExportDotBase::ExportDotBase;

  void runOnOperation() override {
    if (output.empty()) {
      getOperation().emitError(
          "export-dot needs the name of the file to write: output=model.dot or model.svg");
      return signalPassFailure();
    }
    std::string title;
    Block *block = findBlock(title);
    if (!block)
      return signalPassFailure();
    std::string text = writeDot(ModelGraph::of(*block), title);
    if (StringRef(output).ends_with(".svg")) {
      llvm::Expected<std::string> svg = renderSVG(text);
      if (!svg)
        return fail(svg.takeError());
      text = std::move(*svg);
    }
    AtomicOutput file(output);
    llvm::Error error = file.open();
    if (!error)
      error = file.writeText(text);
    if (!error)
      error = file.commit();
    if (error)
      return fail(std::move(error));
    markAllAnalysesPreserved();
  }

  void fail(llvm::Error error) {
    getOperation().emitError() << "export-dot: " << llvm::toString(std::move(error));
    signalPassFailure();
  }

  // The body to draw, and what to write over it; null after an error.
  Block *findBlock(std::string &title) {
    Operation *chosen = nullptr;
    if (!function.empty()) {
      chosen = SymbolTable::lookupSymbolIn(getOperation(), function);
      if (!chosen || !isa<FunctionOpInterface>(chosen)) {
        getOperation().emitError() << "export-dot: there is no function '" << function << "'";
        return nullptr;
      }
    } else {
      for (Operation &op : *getOperation().getBody()) {
        auto candidate = dyn_cast<FunctionOpInterface>(op);
        if (isa<tf::GraphOp>(op) ||
            (candidate && candidate.isPublic() && !candidate.isExternal())) {
          chosen = &op;
          break;
        }
      }
    }
    if (!chosen) {
      getOperation().emitError("export-dot: there is no graph and no public function to draw");
      return nullptr;
    }
    if (chosen->getRegion(0).empty() || !llvm::hasSingleElement(chosen->getRegion(0)) ||
        chosen->getName().getDialectNamespace() == "llvm") {
      chosen->emitError("export-dot: only a body of one block above the LLVM dialect can be drawn; "
                        "draw before the lowering to branches");
      return nullptr;
    }
    auto named = dyn_cast<FunctionOpInterface>(chosen);
    title = named ? named.getName().str() : "graph";
    return &chosen->getRegion(0).front();
  }
};
} // namespace
