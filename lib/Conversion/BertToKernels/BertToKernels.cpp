//===- BertToKernels.cpp - calls of kernels for the bert ops ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// Every op becomes a buffer for its result and a call of a kernel; ops that are alike
// share theirs. What is inside a kernel stands in the files of their own.
//
//===----------------------------------------------------------------------===//

#include "KernelBuilder.h"

#include "bert/Conversion/Passes.h"
#include "bert/Dialect/Bert/IR/WeightLayout.h"
#include "bert/Runtime/Abi.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace bertmlir {
#define GEN_PASS_DEF_CONVERTBERTTOKERNELS
#include "bert/Conversion/Passes.h.inc"
} // namespace bertmlir

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::kernels;

namespace {

// What replaces a value of type !bert.tokens.
struct Tokens {
  Value batch;
  Value sequence;
  Value count;
  SmallVector<Value> buffers; ///< In the order of TokenBuffers.
};

class Converter {
public:
  Converter(ModuleOp module, func::FuncOp function, const Target &target)
      : symbols(module), module(module), function(function), target(target) {}

  LogicalResult run();

private:
  LogicalResult convert(Operation *op);
  LogicalResult convert(bert::PackTokensOp op);
  LogicalResult convert(bert::EmbeddingsOp op);
  LogicalResult convert(bert::DenseOp op);
  LogicalResult convert(bert::AddLayerNormOp op);
  LogicalResult convert(bert::AttentionOp op);
  LogicalResult convert(bert::FirstTokenOp op);
  LogicalResult convert(bert::UnpackTokensOp op);
  void convert(bert::PackedWeightOp op);

  KernelBuilder builderAt(Operation *op) { return {op->getLoc(), OpBuilder(op), target}; }

  // A tensor's buffer of this shape; dimensions that a kernel does not count on are open.
  Value toBuffer(KernelBuilder &b, Value tensor, MemRefType type);
  MemRefType bufferType(KernelBuilder &b, ArrayRef<int64_t> shape, Type element = {}) {
    return MemRefType::get(shape, element ? element : b.getF32Type());
  }
  // Activations as [rows, width], whatever their outer dimensions are.
  Value toRows(KernelBuilder &b, Value tensor);
  // Rows back to the shape of `like` but for the width; replaces the op.
  void replaceByRows(KernelBuilder &b, Operation *op, Value buffer, Value like);
  void replaceByBuffer(KernelBuilder &b, Operation *op, Value buffer);

  // The place of a weight in the weights file, flat or as the kernels want it.
  FailureOr<Value> toWeight(KernelBuilder &b, Operation *user, Value weight);

  FailureOr<Tokens> getTokens(Operation *op, Value tokens);

  // The function of this name; made by `emit` where it is the first of its kind.
  void call(KernelBuilder &b, StringRef name, ValueRange arguments,
            llvm::function_ref<void(KernelBuilder &, func::FuncOp)> emit);
  // Functions of the runtime. Kernels call them by name, once they are declared.
  func::FuncOp declareRuntime(OpBuilder &b, Location loc, StringRef name, TypeRange arguments = {});
  Value callRuntime(KernelBuilder &b, StringRef name, ValueRange arguments);

  SymbolTable symbols;
  ModuleOp module;
  func::FuncOp function;
  Target target;
  Value weights;
  DenseMap<Value, Tokens> tokens;
};

} // namespace

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

Value Converter::toBuffer(KernelBuilder &b, Value tensor, MemRefType type) {
  auto tensorType = cast<RankedTensorType>(tensor.getType());
  auto own = MemRefType::get(tensorType.getShape(), tensorType.getElementType());
  Value buffer = bufferization::ToBufferOp::create(b, own, tensor, /*read_only=*/true);
  return own == type ? buffer : memref::CastOp::create(b, type, buffer).getResult();
}

Value Converter::toRows(KernelBuilder &b, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.getRank() > 2) {
    SmallVector<ReassociationIndices> groups(2);
    for (int64_t i = 0; i < type.getRank() - 1; ++i)
      groups[0].push_back(i);
    groups[1].push_back(type.getRank() - 1);
    tensor = tensor::CollapseShapeOp::create(b, tensor, groups);
  }
  return toBuffer(b, tensor, bufferType(b, {ShapedType::kDynamic, type.getShape().back()}));
}

// How many rows that gives, as a product of the tensor's own dimensions: that is the form in which
// plan-arena compares sizes.
static Value countRows(KernelBuilder &b, Value tensor) {
  Value count = b.createOrFold<tensor::DimOp>(tensor, 0);
  for (int64_t i = 1; i < cast<RankedTensorType>(tensor.getType()).getRank() - 1; ++i)
    count = b.mul(count, b.createOrFold<tensor::DimOp>(tensor, i));
  return count;
}

void Converter::replaceByBuffer(KernelBuilder &b, Operation *op, Value buffer) {
  auto bufferType = cast<MemRefType>(buffer.getType());
  Type type = RankedTensorType::get(bufferType.getShape(), bufferType.getElementType());
  Value tensor = bufferization::ToTensorOp::create(b, type, buffer, /*restrict=*/true,
                                                   /*writable=*/true);
  if (type != op->getResult(0).getType())
    tensor = tensor::CastOp::create(b, op->getResult(0).getType(), tensor);
  op->getResult(0).replaceAllUsesWith(tensor);
  op->erase();
}

void Converter::replaceByRows(KernelBuilder &b, Operation *op, Value buffer, Value like) {
  auto likeType = cast<RankedTensorType>(like.getType());
  if (likeType.getRank() == 2)
    return replaceByBuffer(b, op, buffer);
  int64_t rank = likeType.getRank();
  auto rowsType = cast<MemRefType>(buffer.getType());
  Value rows = bufferization::ToTensorOp::create(
      b, RankedTensorType::get(rowsType.getShape(), rowsType.getElementType()), buffer,
      /*restrict=*/true, /*writable=*/true);
  SmallVector<OpFoldResult> sizes;
  SmallVector<ReassociationIndices> groups(2);
  for (int64_t i = 0; i < rank - 1; ++i) {
    sizes.push_back(tensor::getMixedSize(b, b.getLoc(), like, i));
    groups[0].push_back(i);
  }
  sizes.push_back(b.getIndexAttr(rowsType.getShape()[1]));
  groups[1].push_back(rank - 1);
  SmallVector<int64_t> shape(likeType.getShape());
  shape.back() = rowsType.getShape()[1];
  if (llvm::none_of(ArrayRef<int64_t>(shape).drop_back(), ShapedType::isDynamic))
    rows = tensor::CastOp::create(
        b,
        RankedTensorType::get(
            {llvm::product_of(ArrayRef<int64_t>(shape).drop_back()), shape.back()},
            rowsType.getElementType()),
        rows);
  Value tensor = tensor::ExpandShapeOp::create(
      b, RankedTensorType::get(shape, rowsType.getElementType()), rows, groups, sizes);
  if (tensor.getType() != op->getResult(0).getType())
    tensor = tensor::CastOp::create(b, op->getResult(0).getType(), tensor);
  op->getResult(0).replaceAllUsesWith(tensor);
  op->erase();
}

FailureOr<Value> Converter::toWeight(KernelBuilder &b, Operation *user, Value weight) {
  auto packed = weight.getDefiningOp<bert::PackedWeightOp>();
  if (!packed)
    return user->emitOpError("has a weight without a place in the weights file; run "
                             "bert-pack-weights first");
  SmallVector<int64_t> shape =
      bert::getPackedShape(cast<RankedTensorType>(weight.getType()).getShape(), packed.getLayout());
  Value offset = b.index(packed.getOffset());
  return memref::ViewOp::create(b, bufferType(b, shape), weights, offset, ValueRange{}).getResult();
}

// What is not used by a kernel but by ops that go another way.
void Converter::convert(bert::PackedWeightOp op) {
  if (op->use_empty())
    return op->erase();
  KernelBuilder b = builderAt(op);
  auto type = cast<RankedTensorType>(op.getType());
  int64_t rank = type.getRank();
  FailureOr<Value> view = toWeight(b, op, op.getResult());
  SmallVector<OpFoldResult> offsets(rank, b.getIndexAttr(0)), strides(rank, b.getIndexAttr(1)),
      sizes;
  for (int64_t size : type.getShape())
    sizes.push_back(b.getIndexAttr(size));
  Value part = *view;
  if (rank == 0)
    part = memref::ViewOp::create(b, bufferType(b, {}), weights, b.index(op.getOffset()),
                                  ValueRange{});
  else if (cast<MemRefType>(part.getType()).getShape() != type.getShape())
    part = memref::SubViewOp::create(b, part, offsets, sizes, strides);
  Value tensor =
      bufferization::ToTensorOp::create(b, type, part, /*restrict=*/true, /*writable=*/false);
  op.getResult().replaceAllUsesWith(tensor);
  op->erase();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

void Converter::call(KernelBuilder &b, StringRef name, ValueRange arguments,
                     llvm::function_ref<void(KernelBuilder &, func::FuncOp)> emit) {
  auto kernel = symbols.lookup<func::FuncOp>(name);
  if (!kernel) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(function);
    kernel = func::FuncOp::create(b, name, b.getFunctionType(arguments.getTypes(), {}));
    kernel.setPrivate();
    symbols.insert(kernel);
    Block *body = kernel.addEntryBlock();
    KernelBuilder inner(b.getLoc(), OpBuilder::atBlockBegin(body), target);
    emit(inner, kernel);
    inner.setInsertionPointToEnd(body);
    func::ReturnOp::create(inner);
  }
  func::CallOp::create(b, kernel, arguments);
}

func::FuncOp Converter::declareRuntime(OpBuilder &b, Location loc, StringRef name,
                                       TypeRange arguments) {
  if (auto declared = symbols.lookup<func::FuncOp>(name))
    return declared;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  auto callee = func::FuncOp::create(b, loc, name, b.getFunctionType(arguments, {b.getI64Type()}));
  callee.setPrivate();
  symbols.insert(callee);
  return callee;
}

Value Converter::callRuntime(KernelBuilder &b, StringRef name, ValueRange arguments) {
  func::FuncOp callee = declareRuntime(b, b.getLoc(), name, arguments.getTypes());
  return func::CallOp::create(b, callee, arguments).getResult(0);
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

FailureOr<Tokens> Converter::getTokens(Operation *op, Value value) {
  auto found = tokens.find(value);
  if (!value || found == tokens.end())
    return op->emitOpError("is not in packed form; run bert-pack-tokens first");
  return found->second;
}

LogicalResult Converter::convert(bert::PackTokensOp op) {
  KernelBuilder b = builderAt(op);
  Tokens made;
  made.batch = b.createOrFold<tensor::DimOp>(op.getIds(), 0);
  made.sequence = b.createOrFold<tensor::DimOp>(op.getIds(), 1);
  Value positions = b.mul(made.batch, made.sequence);
  Value ends = b.add(made.batch, 1);
  auto toI64 = [&](Value index) -> Value {
    return arith::IndexCastOp::create(b, b.getI64Type(), index);
  };
  auto address = [&](Value buffer) {
    return toI64(memref::ExtractAlignedPointerAsIndexOp::create(b, buffer));
  };
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  auto allocate = [&](Type element, Value size) {
    made.buffers.push_back(
        memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic}, element), size));
  };
  allocate(i32, ends);
  allocate(i32, positions);
  allocate(i32, positions);
  allocate(i32, ends);
  allocate(i32, positions);
  allocate(f32, positions);

  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, b.getI64IntegerAttr(value));
  };
  Value mask = constant(0);
  int64_t maskType = BERT_F32;
  if (op.getMask()) {
    auto type = cast<RankedTensorType>(op.getMask().getType());
    mask =
        address(toBuffer(b, op.getMask(), MemRefType::get(type.getShape(), type.getElementType())));
    maskType = type.getElementType().isInteger(32)   ? BERT_I32
               : type.getElementType().isInteger(64) ? BERT_I64
                                                     : BERT_F32;
  }
  SmallVector<Value> arguments{
      toI64(made.batch),
      toI64(made.sequence),
      mask,
      constant(maskType),
      constant(static_cast<int64_t>(op.getPositions())),
      arith::ConstantOp::create(b, FloatAttr::get(f32, op.getMaskedValue()))};
  for (Value buffer : made.buffers)
    arguments.push_back(address(buffer));
  Value count = callRuntime(b, "bert_pack_tokens", arguments);
  made.count = arith::IndexCastOp::create(b, b.getIndexType(), count);
  tokens.try_emplace(op.getTokens(), made);
  return success();
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

// A number as part of a function's name.
static std::string spell(float value) {
  return llvm::utohexstr(llvm::bit_cast<uint32_t>(value), /*LowerCase=*/true);
}

LogicalResult Converter::convert(bert::EmbeddingsOp op) {
  FailureOr<Tokens> made = getTokens(op, op.getTokens());
  if (failed(made))
    return failure();
  KernelBuilder b = builderAt(op);
  int64_t width = cast<RankedTensorType>(op.getType()).getShape().back();
  bool hasTypes = static_cast<bool>(op.getTypes());
  SmallVector<Value> arguments;
  std::string name = "embeddings_" + std::to_string(width);
  for (Value ids : {op.getIds(), op.getTypes()}) {
    if (!ids)
      continue;
    Type element = cast<RankedTensorType>(ids.getType()).getElementType();
    arguments.push_back(
        toBuffer(b, ids, bufferType(b, {ShapedType::kDynamic, ShapedType::kDynamic}, element)));
    name += "_i" + std::to_string(element.getIntOrFloatBitWidth());
  }
  llvm::append_range(arguments, made->buffers);
  for (Value weight :
       {op.getWord(), op.getPosition(), op.getTokenType(), op.getGamma(), op.getBeta()}) {
    if (!weight)
      continue;
    FailureOr<Value> place = toWeight(b, op, weight);
    if (failed(place))
      return failure();
    // Tables of another height do not need another kernel.
    SmallVector<int64_t> shape(cast<MemRefType>(place->getType()).getShape());
    if (shape.size() == 2)
      *place = memref::CastOp::create(b, bufferType(b, {ShapedType::kDynamic, shape[1]}), *place);
    arguments.push_back(*place);
  }
  Value output = memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic, width}),
                                         ValueRange{made->count});
  arguments.push_back(output);
  float epsilon = op.getEpsilon().convertToFloat();
  call(b, name + "_" + spell(epsilon), arguments, [&](KernelBuilder &inner, func::FuncOp kernel) {
    emitEmbeddings(inner, kernel, width, hasTypes, epsilon);
  });
  replaceByBuffer(b, op, output);
  return success();
}

LogicalResult Converter::convert(bert::DenseOp op) {
  if (op.getWeights().size() != 1 || op.getBiases().size() > 1 || op.getTransposed())
    return op.emitOpError("has weights that are not packed; run bert-pack-weights first");
  KernelBuilder b = builderAt(op);
  auto shape = cast<RankedTensorType>(op.getWeights()[0].getType()).getShape();
  bool hasBias = !op.getBiases().empty();
  Value input = toRows(b, op.getInput());
  SmallVector<Value> arguments{input};
  FailureOr<Value> panels = toWeight(b, op, op.getWeights()[0]);
  if (failed(panels))
    return failure();
  arguments.push_back(*panels);
  if (hasBias) {
    FailureOr<Value> biases = toWeight(b, op, op.getBiases()[0]);
    if (failed(biases))
      return failure();
    arguments.push_back(*biases);
  }
  Value output = memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic, shape[1]}),
                                         ValueRange{countRows(b, op.getInput())});
  arguments.push_back(output);
  std::string name = "dense_" + std::to_string(shape[0]) + "x" + std::to_string(shape[1]);
  if (hasBias)
    name += "_bias";
  if (op.getActivation() != bert::Activation::None)
    name += "_" + bert::stringifyActivation(op.getActivation()).str();
  call(b, name, arguments, [&](KernelBuilder &inner, func::FuncOp kernel) {
    declareRuntime(b, b.getLoc(), "bert_num_workers");
    emitDense(inner, kernel, shape[0], shape[1], hasBias, op.getActivation());
  });
  replaceByRows(b, op, output, op.getInput());
  return success();
}

LogicalResult Converter::convert(bert::AddLayerNormOp op) {
  KernelBuilder b = builderAt(op);
  int64_t width = cast<RankedTensorType>(op.getType()).getShape().back();
  bool hasResidual = static_cast<bool>(op.getResidual());
  Value input = toRows(b, op.getInput());
  SmallVector<Value> arguments{input};
  if (hasResidual)
    arguments.push_back(toRows(b, op.getResidual()));
  for (Value weight : {op.getGamma(), op.getBeta()}) {
    FailureOr<Value> place = toWeight(b, op, weight);
    if (failed(place))
      return failure();
    arguments.push_back(*place);
  }
  Value output = memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic, width}),
                                         ValueRange{countRows(b, op.getInput())});
  arguments.push_back(output);
  float epsilon = op.getEpsilon().convertToFloat();
  std::string name = (hasResidual ? "add_layer_norm_" : "layer_norm_") + std::to_string(width) +
                     "_" + spell(epsilon);
  call(b, name, arguments, [&](KernelBuilder &inner, func::FuncOp kernel) {
    emitAddLayerNorm(inner, kernel, width, hasResidual, epsilon);
  });
  replaceByRows(b, op, output, op.getInput());
  return success();
}

LogicalResult Converter::convert(bert::AttentionOp op) {
  FailureOr<Tokens> made = getTokens(op, op.getTokens());
  if (failed(made))
    return failure();
  KernelBuilder b = builderAt(op);
  int64_t width = op.getWidth();
  AttentionShape shape;
  shape.heads = op.getHeads();
  shape.headSize = width / shape.heads;
  shape.scale = op.getScale().convertToFloat();
  auto inputs = op.getInputs();
  shape.oneQuery = inputs.size() == 2;
  shape.queryColumn = 0;
  shape.keyColumn = inputs.size() == 1 ? width : 0;
  shape.valueColumn = inputs.size() == 1 ? 2 * width : inputs.size() == 2 ? width : 0;

  Value queries = toRows(b, inputs[0]);
  Value keys = inputs.size() == 1 ? queries : toRows(b, inputs[1]);
  Value values = inputs.size() < 3 ? keys : toRows(b, inputs[2]);
  SmallVector<Value> arguments{queries, keys, values};
  llvm::append_range(arguments, made->buffers);
  Value size = emitAttentionScratchSize(b, made->sequence, shape.headSize);
  Value workers =
      arith::IndexCastOp::create(b, b.getIndexType(), callRuntime(b, "bert_num_workers", {}));
  arguments.push_back(memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic}),
                                              ValueRange{b.mul(workers, size)}));
  arguments.push_back(size);
  Value output = memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic, width}),
                                         ValueRange{countRows(b, inputs[0])});
  arguments.push_back(output);
  std::string name = "attention_" + std::to_string(shape.heads) + "x" +
                     std::to_string(shape.headSize) + "_" + spell(shape.scale);
  static constexpr StringLiteral kForms[] = {"", "_first", "_apart"};
  call(b, name + kForms[inputs.size() - 1].str(), arguments,
       [&](KernelBuilder &inner, func::FuncOp kernel) {
         declareRuntime(b, b.getLoc(), "bert_worker_index");
         emitAttention(inner, kernel, shape);
       });
  replaceByBuffer(b, op, output);
  return success();
}

LogicalResult Converter::convert(bert::FirstTokenOp op) {
  KernelBuilder b = builderAt(op);
  int64_t width = cast<RankedTensorType>(op.getType()).getShape().back();
  if (!op.getTokens()) {
    SmallVector<OpFoldResult> offsets(3, b.getIndexAttr(0)), strides(3, b.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes{tensor::getMixedSize(b, b.getLoc(), op.getInput(), 0),
                                    b.getIndexAttr(1), b.getIndexAttr(width)};
    Value first = tensor::ExtractSliceOp::create(b, cast<RankedTensorType>(op.getType()),
                                                 op.getInput(), offsets, sizes, strides);
    op.getOutput().replaceAllUsesWith(first);
    op.erase();
    return success();
  }
  FailureOr<Tokens> made = getTokens(op, op.getTokens());
  if (failed(made))
    return failure();
  SmallVector<Value> arguments{toRows(b, op.getInput())};
  llvm::append_range(arguments, made->buffers);
  Value output = memref::AllocOp::create(b, bufferType(b, {ShapedType::kDynamic, width}),
                                         ValueRange{made->batch});
  arguments.push_back(output);
  call(b, "first_token_" + std::to_string(width), arguments,
       [&](KernelBuilder &inner, func::FuncOp kernel) { emitFirstToken(inner, kernel, width); });
  replaceByBuffer(b, op, output);
  return success();
}

LogicalResult Converter::convert(bert::UnpackTokensOp op) {
  FailureOr<Tokens> made = getTokens(op, op.getTokens());
  if (failed(made))
    return failure();
  KernelBuilder b = builderAt(op);
  int64_t width = cast<RankedTensorType>(op.getInput().getType()).getShape().back();
  SmallVector<Value> arguments{toRows(b, op.getInput())};
  llvm::append_range(arguments, made->buffers);
  SmallVector<int64_t> shape{ShapedType::kDynamic, ShapedType::kDynamic};
  if (!op.getColumn())
    shape.push_back(width);
  Value output =
      memref::AllocOp::create(b, bufferType(b, shape), ValueRange{made->batch, made->sequence});
  arguments.push_back(output);
  std::string name = "unpack_tokens_" + std::to_string(width);
  if (op.getColumn())
    name += "_column_" + std::to_string(*op.getColumn());
  std::optional<int64_t> column;
  if (op.getColumn())
    column = *op.getColumn();
  call(b, name, arguments, [&](KernelBuilder &inner, func::FuncOp kernel) {
    emitUnpackTokens(inner, kernel, width, column);
  });
  replaceByBuffer(b, op, output);
  return success();
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LogicalResult Converter::convert(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<bert::PackTokensOp, bert::EmbeddingsOp, bert::DenseOp, bert::AddLayerNormOp,
            bert::AttentionOp, bert::FirstTokenOp, bert::UnpackTokensOp>(
          [&](auto bertOp) { return convert(bertOp); })
      .Default([](Operation *) { return success(); });
}

LogicalResult Converter::run() {
  weights = bert::getOrAddWeightsArgument(function);
  SmallVector<Operation *> ops;
  SmallVector<bert::PackTokensOp> packs;
  SmallVector<bert::PackedWeightOp> packed;
  function.walk([&](Operation *op) {
    if (auto weight = dyn_cast<bert::PackedWeightOp>(op))
      packed.push_back(weight);
    else if (isa<bert::BertDialect>(op->getDialect()))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    // It stays for its users until they are converted.
    if (auto pack = dyn_cast<bert::PackTokensOp>(op))
      packs.push_back(pack);
    if (failed(convert(op)))
      return failure();
  }
  for (bert::PackTokensOp pack : packs)
    pack.erase();
  for (bert::PackedWeightOp weight : packed)
    convert(weight);
  return success();
}

namespace {
struct ConvertBertToKernels
    : public bertmlir::impl::ConvertBertToKernelsBase<ConvertBertToKernels> {
  using ConvertBertToKernelsBase::ConvertBertToKernelsBase;

  void runOnOperation() override {
    std::optional<Target> target = Target::get(vectorBits, fma);
    if (!target) {
      emitError(UnknownLoc::get(&getContext()))
          << "vector-bits is " << int64_t(vectorBits) << "; 512, 256 and 128 can be used";
      return signalPassFailure();
    }
    SmallVector<func::FuncOp> models;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isPrivate() && !function.isExternal())
        models.push_back(function);
    for (func::FuncOp model : models)
      if (failed(Converter(getOperation(), model, *target).run()))
        return signalPassFailure();
  }
};
} // namespace
