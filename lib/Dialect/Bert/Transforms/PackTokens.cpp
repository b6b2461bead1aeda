//===- PackTokens.cpp - computes tokens instead of padded sequences ---------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// First it finds out which values can be packed and whether anybody sees a padded
// position of one; then it rewrites the ops in order. Ops that work row by row need
// no tokens and stay as they are outside of what is packed.
//
//===----------------------------------------------------------------------===//

#include "bert/Dialect/Bert/Transforms/Passes.h"

#include "bert/Dialect/OV/IR/OVOps.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace bertmlir::bert {
#define GEN_PASS_DEF_BERTPACKTOKENS
#include "bert/Dialect/Bert/Transforms/Passes.h.inc"
} // namespace bertmlir::bert

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::bert;

namespace {

// Which positions of the ids' shape are tokens and keys.
struct MaskKey {
  Value mask;
  Attribute maskedValue;
  bool operator==(const MaskKey &other) const {
    return mask == other.mask && (!mask || maskedValue == other.maskedValue);
  }
};

// What comes from ids of one shape, as each of two sentences does in a model that
// compares them.
struct Group {
  Value ids;
  SmallVector<MaskKey> keys;
  Positions positions = Positions::All;
  SmallVector<std::pair<MaskKey, Value>> tokens;
  MaskKey getFirstKey() const { return keys.empty() ? MaskKey{} : keys.front(); }
  void addKey(const MaskKey &key) {
    if (!llvm::is_contained(keys, key))
      keys.push_back(key);
  }
};

class TokenPacker {
public:
  TokenPacker(func::FuncOp function, bool skipPadding)
      : function(function), skipPadding(skipPadding) {}

  LogicalResult run();

private:
  void findPackable();
  void choosePositions();
  LogicalResult groupAttentionOutside(ArrayRef<Operation *> ops);
  void rewrite(Operation *op);
  Value makeShape(ArrayRef<Operation *> ops);
  Group &getGroup(Value value) { return groups[groupOf.lookup(value)]; }
  Value getTokens(OpBuilder &b, Location loc, Group &group, const MaskKey &key);
  // A value in packed form; rows of it where it is not packed.
  Value getRows(OpBuilder &b, Value padded);
  Value getPadded(OpBuilder &b, Location loc, Value packed, Value padded);
  RankedTensorType getRowsType(Value padded) {
    auto type = cast<RankedTensorType>(padded.getType());
    return RankedTensorType::get({ShapedType::kDynamic, type.getShape().back()},
                                 type.getElementType());
  }
  MaskKey getKey(AttentionOp op) { return {op.getMask(), op.getMaskedValueAttr()}; }

  func::FuncOp function;
  bool skipPadding;
  SmallVector<Group> groups;
  DenseMap<Value, unsigned> groupOf; ///< of what is packable, and of each attention
  llvm::SetVector<Value> packable;
  bool isAttentionOutside = false;
  DenseMap<Value, Value> packed;
  DenseMap<Value, Value> rows; ///< of what is not packed
};

// Sums without a normalisation behind them, as between the layers of a pre-norm model.
bool isSum(Operation *op) {
  return isa<ov::AddOp>(op) && llvm::all_of(op->getOperandTypes(), [&](Type type) {
           return type == op->getResult(0).getType();
         });
}

bool isRowWise(Operation *op) { return isa<DenseOp, AddLayerNormOp>(op) || isSum(op); }

// The operands that are activations.
SmallVector<Value> getActivations(Operation *op) {
  return llvm::TypeSwitch<Operation *, SmallVector<Value>>(op)
      .Case([](DenseOp op) { return SmallVector<Value>{op.getInput()}; })
      .Case([](AddLayerNormOp op) {
        SmallVector<Value> values{op.getInput()};
        if (op.getResidual())
          values.push_back(op.getResidual());
        return values;
      })
      .Case([](AttentionOp op) { return SmallVector<Value>(op.getInputs()); })
      .Case([](FirstTokenOp op) { return SmallVector<Value>{op.getInput()}; })
      .Case([](ov::AddOp op) { return SmallVector<Value>(op->getOperands()); })
      .Default([](Operation *) { return SmallVector<Value>(); });
}

} // namespace

// From the embeddings on, what is computed from packed values of one group only.
void TokenPacker::findPackable() {
  auto pack = [&](Value value, unsigned group) {
    packable.insert(value);
    groupOf[value] = group;
  };
  function.walk([&](Operation *op) {
    if (auto embeddings = dyn_cast<EmbeddingsOp>(op)) {
      auto *known =
          llvm::find_if(groups, [&](Group &group) { return group.ids == embeddings.getIds(); });
      unsigned index = static_cast<unsigned>(known - groups.begin());
      if (known == groups.end())
        groups.push_back({embeddings.getIds(), {}, Positions::All, {}});
      pack(embeddings.getOutput(), index);
    } else if (isRowWise(op) || isa<AttentionOp>(op)) {
      SmallVector<Value> activations = getActivations(op);
      unsigned group = groupOf.lookup(activations.front());
      if (llvm::all_of(activations, [&](Value value) {
            return packable.contains(value) && groupOf.lookup(value) == group;
          }))
        pack(op->getResult(0), group);
    }
    auto attention = dyn_cast<AttentionOp>(op);
    if (attention && packable.contains(attention.getOutput()))
      getGroup(attention.getOutput()).addKey(getKey(attention));
  });
}

// An attention outside reads shapes only. Where there is one shape of ids, it is theirs.
LogicalResult TokenPacker::groupAttentionOutside(ArrayRef<Operation *> ops) {
  SmallVector<AttentionOp> outside;
  function.walk([&](AttentionOp op) {
    if (!packable.contains(op.getOutput()))
      outside.push_back(op);
  });
  bool isAmbiguous = groups.size() > 1;
  auto canBeIds = [](Value mask) { return mask && !getElementTypeOrSelf(mask).isF32(); };
  for (AttentionOp op : outside) {
    if (groups.empty()) {
      // Any tensor [batch, sequence] will do.
      Value ids;
      for (AttentionOp other : outside)
        if (canBeIds(other.getMask()))
          ids = other.getMask();
      if (!ids)
        ids = makeShape(ops);
      if (!ids)
        return function.emitError("has attention without an input of rank 3; its sequences can't "
                                  "be told apart");
      groups.push_back({ids, {}, Positions::All, {}});
    }
    if (isAmbiguous) {
      if (!canBeIds(op.getMask()))
        return function.emitError("has attention on what comes from ids of several shapes, without "
                                  "a mask that says which; its sequences can't be told apart");
      groups.push_back({op.getMask(), {}, Positions::All, {}});
    }
    groupOf[op.getOutput()] = isAmbiguous ? static_cast<unsigned>(groups.size()) - 1 : 0;
    getGroup(op.getOutput()).addKey(getKey(op));
  }
  isAttentionOutside = !outside.empty();
  return success();
}

void TokenPacker::choosePositions() {
  for (auto [index, group] : llvm::enumerate(groups)) {
    bool isFirstRead = false, isPaddingRead = false;
    for (Value value : packable) {
      if (groupOf.lookup(value) != index)
        continue;
      for (Operation *user : value.getUsers()) {
        if (isa<FirstTokenOp>(user))
          isFirstRead = true;
        else if (user->getNumResults() != 1 || !packable.contains(user->getResult(0)))
          isPaddingRead = true;
      }
    }
    // An attention outside works on all positions.
    if (group.keys.size() > 1 || isAttentionOutside || (isPaddingRead && !skipPadding))
      group.positions = Positions::All;
    else
      group.positions = isFirstRead ? Positions::KeysAndFirst : Positions::Keys;
  }
}

Value TokenPacker::getTokens(OpBuilder &b, Location loc, Group &group, const MaskKey &key) {
  for (auto &[known, value] : group.tokens)
    if (known == key)
      return value;
  OpBuilder::InsertionGuard guard(b);
  // As early as its operands allow, so that later ops find it too.
  b.setInsertionPointToStart(&function.getBody().front());
  for (Value operand : {group.ids, key.mask})
    if (Operation *producer = operand ? operand.getDefiningOp() : nullptr)
      if (b.getInsertionPoint() == function.getBody().front().begin() ||
          !producer->isBeforeInBlock(&*b.getInsertionPoint()))
        b.setInsertionPointAfter(producer);
  auto maskedValue =
      key.maskedValue ? cast<FloatAttr>(key.maskedValue) : b.getF32FloatAttr(-10000.0f);
  Value made =
      PackTokensOp::create(b, loc, TokensType::get(b.getContext()), group.ids, key.mask,
                           PositionsAttr::get(b.getContext(), group.positions), maskedValue);
  group.tokens.emplace_back(key, made);
  return made;
}

Value TokenPacker::getRows(OpBuilder &b, Value padded) {
  for (const DenseMap<Value, Value> *known : {&packed, &rows})
    if (Value found = known->lookup(padded))
      return found;
  // All positions are tokens, in order of sequence and position.
  SmallVector<ReassociationIndices> groups{{0, 1}, {2}};
  Value made = tensor::CollapseShapeOp::create(b, padded.getLoc(), padded, groups);
  if (made.getType() != getRowsType(padded))
    made = tensor::CastOp::create(b, padded.getLoc(), getRowsType(padded), made);
  return rows[padded] = made;
}

void TokenPacker::rewrite(Operation *op) {
  OpBuilder b(op);
  Location loc = op->getLoc();
  bool isPackable = op->getNumResults() == 1 && packable.contains(op->getResult(0));
  auto attention = dyn_cast<AttentionOp>(op);
  if (attention && !attention.getTokens()) {
    SmallVector<Value> inputs;
    for (Value input : attention.getInputs())
      inputs.push_back(getRows(b, input));
    Value output = attention.getOutput();
    Value made = AttentionOp::create(b, loc, getRowsType(output), inputs, Value(),
                                     getTokens(b, loc, getGroup(output), getKey(attention)),
                                     attention.getHeadsAttr(), attention.getScaleAttr(),
                                     attention.getMaskedValueAttr());
    packed[output] = made;
    return;
  }
  if (auto first = dyn_cast<FirstTokenOp>(op); first && !first.getTokens()) {
    if (!packable.contains(first.getInput()))
      return;
    Group &group = getGroup(first.getInput());
    Value made =
        FirstTokenOp::create(b, loc, first.getOutput().getType(), packed.lookup(first.getInput()),
                             getTokens(b, loc, group, group.getFirstKey()));
    first.getOutput().replaceAllUsesWith(made);
    return;
  }
  if (!isPackable)
    return;
  Value output = op->getResult(0);
  if (auto embeddings = dyn_cast<EmbeddingsOp>(op)) {
    Group &group = getGroup(output);
    Value tokens = getTokens(b, loc, group, group.getFirstKey());
    packed[output] = EmbeddingsOp::create(
        b, loc, getRowsType(output), embeddings.getIds(), embeddings.getTypes(), tokens,
        embeddings.getWord(), embeddings.getPosition(), embeddings.getTokenType(),
        embeddings.getGamma(), embeddings.getBeta(), embeddings.getEpsilonAttr());
  } else if (auto dense = dyn_cast<DenseOp>(op)) {
    packed[output] = DenseOp::create(b, loc, getRowsType(output), packed.lookup(dense.getInput()),
                                     dense.getWeights(), dense.getBiases(), dense.getActivation(),
                                     dense.getTransposed());
  } else if (auto sum = dyn_cast<ov::AddOp>(op)) {
    packed[output] =
        ov::AddOp::create(b, loc, packed.lookup(sum.getLhs()), packed.lookup(sum.getRhs()));
  } else {
    auto norm = cast<AddLayerNormOp>(op);
    packed[output] =
        AddLayerNormOp::create(b, loc, getRowsType(output), packed.lookup(norm.getInput()),
                               norm.getResidual() ? packed.lookup(norm.getResidual()) : Value(),
                               norm.getGamma(), norm.getBeta(), norm.getEpsilonAttr());
  }
}

Value TokenPacker::getPadded(OpBuilder &b, Location loc, Value rows, Value padded) {
  Group &group = getGroup(padded);
  return UnpackTokensOp::create(b, loc, padded.getType(), rows,
                                getTokens(b, loc, group, group.getFirstKey()), IntegerAttr());
}

// An empty tensor [batch, sequence], as the activations have it that come from elsewhere.
Value TokenPacker::makeShape(ArrayRef<Operation *> ops) {
  for (Operation *op : ops)
    for (Value operand : op->getOperands()) {
      auto type = dyn_cast<RankedTensorType>(operand.getType());
      if (!type || type.getRank() != 3 || llvm::is_contained(ops, operand.getDefiningOp()))
        continue;
      OpBuilder b(op);
      SmallVector<OpFoldResult> sizes{tensor::getMixedSize(b, op->getLoc(), operand, 0),
                                      tensor::getMixedSize(b, op->getLoc(), operand, 1)};
      return tensor::EmptyOp::create(b, op->getLoc(), sizes, b.getI32Type());
    }
  return {};
}

LogicalResult TokenPacker::run() {
  // Already in packed form, by hand or by an earlier run.
  if (!function.getBody().getOps<PackTokensOp>().empty())
    return success();
  findPackable();
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (isa<BertDialect>(op->getDialect()) || (isSum(op) && packable.contains(op->getResult(0))))
      ops.push_back(op);
  });
  if (failed(groupAttentionOutside(ops)))
    return failure();
  choosePositions();
  for (Operation *op : ops)
    rewrite(op);
  // Who still reads the padded form gets it from the packed one.
  for (Operation *op : ops) {
    if (op->getNumResults() != 1 || !packed.contains(op->getResult(0)))
      continue;
    Value padded = op->getResult(0);
    SmallVector<OpOperand *> readers;
    for (OpOperand &use : padded.getUses())
      if (!llvm::is_contained(ops, use.getOwner()) ||
          !(use.getOwner()->getNumResults() == 1 &&
            (packed.contains(use.getOwner()->getResult(0)) ||
             (isa<FirstTokenOp>(use.getOwner()) && packable.contains(padded)))))
        readers.push_back(&use);
    if (readers.empty())
      continue;
    OpBuilder b(op);
    Value made = getPadded(b, op->getLoc(), packed.lookup(padded), padded);
    for (OpOperand *use : readers)
      use->set(made);
  }
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty())
      op->erase();
  // The mask may be computed behind the embeddings.
  sortTopologically(&function.getBody().front());
  return success();
}

namespace {
struct BertPackTokens : public bertmlir::bert::impl::BertPackTokensBase<BertPackTokens> {
  using BertPackTokensBase::BertPackTokensBase;

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    if (failed(TokenPacker(getOperation(), skipPadding).run()))
      signalPassFailure();
  }
};
} // namespace
