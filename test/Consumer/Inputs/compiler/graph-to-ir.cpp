// graph-to-ir GRAPH OUTPUT MODEL: the frozen graph's OUTPUT as MODEL.xml and MODEL.bin.
#include "bert/Conversion/ExportOpenVINO.h"
#include "bert/Conversion/ImportTensorFlow.h"
#include "bert/Pipelines/TFToOpenVINO.h"

#include "mlir/Pass/PassManager.h"

#include <cstdio>

using namespace bertmlir;

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: graph-to-ir GRAPH OUTPUT MODEL\n");
    return 2;
  }
  mlir::MLIRContext context;
  ImportTensorFlowOptions source;
  source.modelPath = argv[1];
  mlir::OwningOpRef<mlir::ModuleOp> module = importTensorFlow(&context, source);
  if (!module)
    return 1;

  TFToOpenVINOOptions conversion;
  conversion.outputs = {argv[2]};
  conversion.dynamic = true;
  conversion.modelName = std::string(argv[3]);
  conversion.target = std::string("2022.1"); // the oldest release of OpenVINO that shall read it
  mlir::PassManager pm(&context);
  buildTFToOpenVINOPipeline(pm, conversion);
  if (mlir::failed(pm.run(*module)))
    return 1;

  mlir::FailureOr<mlir::func::FuncOp> model = getModelFunction(*module);
  if (mlir::failed(model))
    return 1;
  std::string name = argv[3];
  return mlir::failed(exportOpenVINO(*model, name + ".xml", name + ".bin", {}));
}
