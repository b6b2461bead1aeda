//===- LimitOpset.cpp - layers that an older runtime knows ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The dialect has one op per layer, the newest revision that we write. An older one
// that means the same is written as `ov.layer`; what no old layer does is computed
// from smaller ones.
// Source: OpenVINO's operation set specifications.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/OV/Transforms/Fusion.h"

#include "bert/Dialect/OV/Transforms/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

namespace bertmlir::ov {
#define GEN_PASS_DEF_OVLIMITOPSET
#include "bert/Dialect/OV/Transforms/Passes.h.inc"
} // namespace bertmlir::ov

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::ov;

namespace {

class Limiter {
public:
  Limiter(Operation *op, int64_t opset) : op(op), opset(opset), rewriter(op) {}

  /// Replaces the op; false if the operation set has nothing for it.
  bool run();

private:
  using Data = ArrayRef<std::pair<StringRef, std::string>>;

  bool replaceWithLayer(ValueRange operands, StringRef type, int version, Data data);
  bool replaceWith(Value value) {
    rewriter.replaceOp(op, value);
    return true;
  }

  bool lower(GatherOp gather);
  bool lower(GatherNDOp gather);
  bool lower(SoftMaxOp softmax);
  bool lower(LogSoftmaxOp softmax);
  bool lower(MVNOp mvn);
  bool lower(GeluOp gelu);
  bool lower(SliceOp slice);
  bool lower(ShapeOfOp shape);
  bool lower(BroadcastOp broadcast);
  bool lower(RangeOp range);
  bool lower(TopKOp topk);

  Location loc() { return op->getLoc(); }
  Value number(double value) {
    return createScalarFloat(rewriter, loc(), value,
                             getElementTypeOrSelf(op->getOperand(0).getType()));
  }
  Value add(Value a, Value b) { return AddOp::create(rewriter, loc(), a, b); }
  Value subtract(Value a, Value b) { return SubtractOp::create(rewriter, loc(), a, b); }
  Value multiply(Value a, Value b) { return MultiplyOp::create(rewriter, loc(), a, b); }

  Operation *op;
  int64_t opset;
  IRRewriter rewriter;
};

} // namespace

bool Limiter::replaceWithLayer(ValueRange operands, StringRef type, int version, Data data) {
  if (version > opset)
    return false;
  SmallVector<NamedAttribute> attributes;
  for (const auto &[name, value] : data)
    attributes.push_back(rewriter.getNamedAttr(name, rewriter.getStringAttr(value)));
  auto layer = GenericLayerOp::create(
      rewriter, loc(), op->getResultTypes(), operands, rewriter.getStringAttr(type),
      rewriter.getStringAttr("opset" + Twine(version)), rewriter.getDictionaryAttr(attributes));
  rewriter.replaceOp(op, layer.getOutputs());
  return true;
}

// Revision 7 has no negative indices, revision 1 no batch dimensions either.
bool Limiter::lower(GatherOp gather) {
  int64_t batchDims = static_cast<int64_t>(gather.getBatchDims());
  if (opset >= 7)
    return replaceWithLayer(op->getOperands(), "Gather", 7,
                            {{"batch_dims", std::to_string(batchDims)}});
  return batchDims == 0 && replaceWithLayer(op->getOperands(), "Gather", 1, {});
}

// Revision 5 joins several batch dimensions into one; there is no older one.
bool Limiter::lower(GatherNDOp gather) {
  int64_t batchDims = static_cast<int64_t>(gather.getBatchDims());
  return batchDims <= 1 && replaceWithLayer(op->getOperands(), "GatherND", 5,
                                            {{"batch_dims", std::to_string(batchDims)}});
}

// Revision 1 counts its axis from the front.
bool Limiter::lower(SoftMaxOp softmax) {
  auto type = dyn_cast<RankedTensorType>(softmax.getType());
  int64_t axis = static_cast<int64_t>(softmax.getAxis());
  if (axis < 0 && !type)
    return false;
  return replaceWithLayer(op->getOperands(), "SoftMax", 1,
                          {{"axis", std::to_string(axis < 0 ? axis + type.getRank() : axis)}});
}

// x - max - log(sum(exp(x - max)))
bool Limiter::lower(LogSoftmaxOp softmax) {
  Value axis = createInts(rewriter, loc(), {static_cast<int64_t>(softmax.getAxis())});
  Value input = softmax.getInput();
  Value centred = subtract(input, ReduceMaxOp::create(rewriter, loc(), input, axis, true));
  Value powers = ExpOp::create(rewriter, loc(), centred);
  Value sum = ReduceSumOp::create(rewriter, loc(), powers, axis, true);
  return replaceWith(subtract(centred, LogOp::create(rewriter, loc(), sum)));
}

// Older ones normalise over fixed axes.
bool Limiter::lower(MVNOp mvn) {
  Value input = mvn.getInput(), axes = mvn.getAxes();
  Value result = subtract(input, ReduceMeanOp::create(rewriter, loc(), input, axes, true));
  if (mvn.getNormalizeVariance()) {
    Value squares = multiply(result, result);
    Value variance = ReduceMeanOp::create(rewriter, loc(), squares, axes, true);
    Value epsilon = number(mvn.getEps().convertToDouble());
    bool isInside = mvn.getEpsMode() == "INSIDE_SQRT";
    Value deviation = SqrtOp::create(rewriter, loc(), isInside ? add(variance, epsilon) : variance);
    if (!isInside)
      deviation = add(deviation, epsilon);
    result = DivideOp::create(rewriter, loc(), result, deviation, "numpy", /*m_pythondiv=*/true);
  }
  return replaceWith(result);
}

// Revision 2 is the error function's; before, and for tanh, there is none.
bool Limiter::lower(GeluOp gelu) {
  bool isErf = gelu.getApproximationMode() == "ERF";
  if (isErf && opset >= 2)
    return replaceWithLayer(op->getOperands(), "Gelu", 2, {});
  Value input = gelu.getInput(), bent;
  if (isErf) {
    bent = ErfOp::create(rewriter, loc(), multiply(input, number(std::sqrt(0.5))));
  } else {
    Value cube = multiply(multiply(input, input), input);
    Value sum = add(input, multiply(cube, number(0.044715)));
    bent = TanhOp::create(rewriter, loc(), multiply(sum, number(std::sqrt(2 / M_PI))));
  }
  Value half = multiply(input, number(0.5));
  return replaceWith(multiply(half, add(bent, number(1))));
}

// As a StridedSlice, whose limits are of all dimensions up to the last one that is cut.
bool Limiter::lower(SliceOp slice) {
  auto type = dyn_cast<RankedTensorType>(slice.getInput().getType());
  std::optional<SmallVector<int64_t>> start = getConstantInts(slice.getStart());
  std::optional<SmallVector<int64_t>> step = getConstantInts(slice.getStep());
  std::optional<SmallVector<int64_t>> axes;
  if (slice.getAxes())
    axes = getConstantInts(slice.getAxes());
  if (!type || !start || !step || (slice.getAxes() && !axes))
    return false;
  if (!axes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, start->size()));
  int64_t rank = type.getRank(), last = 0;
  for (int64_t &axis : *axes) {
    axis += axis < 0 ? rank : 0;
    last = std::max(last, axis);
  }
  if (llvm::any_of(*step, [](int64_t step) { return step < 1; }))
    return false;
  SmallVector<int64_t> begin(last + 1, 0), strides(last + 1, 1), isFree(last + 1, 1);
  for (auto [axis, first, by] : llvm::zip_equal(*axes, *start, *step)) {
    begin[axis] = first;
    strides[axis] = by;
    isFree[axis] = 0;
  }
  Type limitType = getElementTypeOrSelf(slice.getStop().getType());
  // Computed limits of some axes take their places among zeros, which the mask hides.
  Value zero = createInts(rewriter, loc(), {0}, limitType);
  SmallVector<Value> ends(last + 1, zero);
  for (auto [index, axis] : llvm::enumerate(*axes)) {
    Value position = createInts(rewriter, loc(), {static_cast<int64_t>(index)});
    Value along = createScalarInt(rewriter, loc(), 0);
    if (std::optional<SmallVector<int64_t>> stop = getConstantInts(slice.getStop()))
      ends[axis] = createInts(rewriter, loc(), {(*stop)[index]}, limitType);
    else
      ends[axis] =
          GatherOp::create(rewriter, loc(), slice.getStop(), position, along, 0).getOutput();
  }
  Value end =
      ends.size() == 1 ? ends.front() : ConcatOp::create(rewriter, loc(), ends, 0).getOutput();
  return replaceWith(StridedSliceOp::create(rewriter, loc(), slice.getInput(),
                                            createInts(rewriter, loc(), begin, limitType), end,
                                            createInts(rewriter, loc(), strides, limitType), isFree,
                                            isFree, ArrayRef<int64_t>(), ArrayRef<int64_t>(),
                                            ArrayRef<int64_t>())
                         .getOutput());
}

// Revision 1 gives i64.
bool Limiter::lower(ShapeOfOp shape) {
  auto type = cast<RankedTensorType>(shape.getType());
  auto layer =
      GenericLayerOp::create(rewriter, loc(), TypeRange{type.clone(rewriter.getI64Type())},
                             op->getOperands(), rewriter.getStringAttr("ShapeOf"),
                             rewriter.getStringAttr("opset1"), rewriter.getDictionaryAttr({}));
  Value result = layer.getOutputs().front();
  if (result.getType() != type)
    result = ConvertOp::create(rewriter, loc(), result, shape.getOutputType());
  return replaceWith(result);
}

// Revision 1 has no mode `bidirectional`.
bool Limiter::lower(BroadcastOp broadcast) {
  if (broadcast.getMode() != "numpy")
    return false;
  return replaceWithLayer(op->getOperands(), "Broadcast", 1, {{"mode", "numpy"}});
}

// Revision 1 gives the type of its limits.
bool Limiter::lower(RangeOp range) {
  return getElementTypeOrSelf(range.getStart().getType()) == range.getOutputType() &&
         replaceWithLayer(op->getOperands(), "Range", 1, {});
}

// Older ones do not say what comes first among equals.
bool Limiter::lower(TopKOp topk) {
  SmallVector<std::pair<StringRef, std::string>> data = {
      {"axis", std::to_string(static_cast<int64_t>(topk.getAxis()))},
      {"mode", topk.getMode().str()},
      {"sort", topk.getSort().str()}};
  bool hasIndexType = opset >= 3;
  if (hasIndexType)
    data.push_back(
        {"index_element_type", ov::stringifyElementType(topk.getIndexElementType()).str()});
  else if (!topk.getIndexElementType().isInteger(32))
    return false;
  return replaceWithLayer(op->getOperands(), "TopK", hasIndexType ? 3 : 1, data);
}

bool Limiter::run() {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<GatherOp, GatherNDOp, SoftMaxOp, LogSoftmaxOp, MVNOp, GeluOp, SliceOp, ShapeOfOp,
            BroadcastOp, RangeOp, TopKOp>([&](auto known) { return lower(known); })
      .Default([](Operation *) { return false; });
}

// The operation set that a layer needs; 0 for what is no layer.
static int64_t getNeededOpset(Operation *op) {
  if (auto layer = dyn_cast<LayerOp>(op))
    return layer.getOpset();
  int64_t number = 0;
  if (auto generic = dyn_cast<GenericLayerOp>(op))
    if (StringRef version = generic.getVersion(); version.consume_front("opset"))
      if (version.getAsInteger(10, number))
        return 0;
  return number;
}

namespace {

struct OVLimitOpset : public bertmlir::ov::impl::OVLimitOpsetBase<OVLimitOpset> {
  using Base::Base;

  void runOnOperation() override {
    // What an op is computed from may be too new as well, so until nothing is. Each
    // round goes down by at least one revision.
    llvm::MapVector<StringRef, SmallVector<Operation *>> impossible;
    for (bool isChanged = true; isChanged;) {
      isChanged = false;
      SmallVector<Operation *> tooNew;
      getOperation().walk([&](Operation *op) {
        if (getNeededOpset(op) > opset)
          tooNew.push_back(op);
      });
      impossible.clear();
      for (Operation *op : tooNew) {
        StringRef type = op->getName().getStringRef();
        if (auto layer = dyn_cast<LayerOp>(op))
          type = layer.getIRType();
        else if (auto generic = dyn_cast<GenericLayerOp>(op))
          type = generic.getType();
        if (Limiter(op, opset).run())
          isChanged = true;
        else
          impossible[type].push_back(op);
      }
    }
    eraseDeadOps(getOperation());
    for (auto &[type, ops] : impossible)
      ops.front()->emitError() << "the runtime that is asked for has opset" << opset.getValue()
                               << ", and nothing for " << type << " of opset"
                               << getNeededOpset(ops.front()) << " (" << ops.size()
                               << (ops.size() == 1 ? " layer: " : " layers, first ")
                               << describeLayer(ops.front()) << "); ask for a newer one";
    if (!impossible.empty())
      signalPassFailure();
  }
};

} // namespace
