//===- ModelBuilder.cpp - writes a BERT in ov -------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
// The encoder of the BERT paper and the heads of google-research/bert's run_*.py.
// Layers carry the names that TensorFlow would have given them.
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

#include "bert/Support/Diagnostics.h"
#include "bert/Support/NearMiss.h"
#include "bert/Support/ResourceBlob.h"

#include <cmath>

using namespace mlir;
using namespace bertmlir;
using namespace bertmlir::bertconfig;

static constexpr double kMaskedValue = -10000.0;

static std::string findScope(const Checkpoint &checkpoint) {
  for (StringRef name : checkpoint.getNames())
    if (name.consume_back("embeddings/word_embeddings") && (name.empty() || name.ends_with("/")))
      return name.str();
  return "bert/";
}

ModelBuilder::ModelBuilder(Location loc, const BertConfig &config, StringRef activation,
                           Checkpoint &checkpoint)
    : b(loc, OpBuilder(loc.getContext())), fileLoc(loc), config(config),
      activation(activation.str()), checkpoint(checkpoint), scope(findScope(checkpoint)) {}

void ModelBuilder::setFunction(func::FuncOp newFunction) {
  function = newFunction;
  b.setInsertionPointToStart(&function.getBody().front());
}

void ModelBuilder::name(const Twine &name) { b.setLoc(NameLoc::get(b.getStringAttr(name))); }

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

bool ModelBuilder::has(const Twine &variable) { return checkpoint.contains(variable.str()); }

static std::string spellShape(ArrayRef<int64_t> shape) {
  std::string text = "[";
  llvm::raw_string_ostream stream(text);
  llvm::interleave(shape, stream, ",");
  return text + "]";
}

Value ModelBuilder::weight(const Twine &variable, ArrayRef<int64_t> shape) {
  std::string name = variable.str();
  Value &known = weights[name];
  if (known)
    return known;
  auto type = RankedTensorType::get(shape, b.getF32Type());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&function.getBody().front());
  Location loc = NameLoc::get(b.getStringAttr(name));
  // So that all problems are found in one go.
  auto stand = [&](const Twine &problem) -> Value {
    problems.push_back(problem.str());
    return known =
               ov::ConstantOp::create(b, loc, DenseElementsAttr::get(type, llvm::ArrayRef(0.0f)));
  };
  if (!checkpoint.contains(name))
    return stand("lacks '" + name + "' " + spellShape(shape) +
                 suggestNames(name, checkpoint.getNames()));
  std::string reason;
  FailureOr<CheckpointValue> value = checkpoint.getValue(name, reason);
  if (failed(value))
    return stand("'" + name + "' " + reason);
  if (value->type != type) {
    if (!value->type.getElementType().isF32())
      return stand("'" + name + "' is not of type f32");
    return stand("'" + name + "' has the shape " + spellShape(value->type.getShape()) +
                 " where the config wants " + spellShape(shape));
  }
  if (!value->isChecked && !Checkpoint::verify(*value))
    return stand("'" + name + "' does not match its checksum: the file is damaged");
  return known = ov::WeightOp::create(b, loc, b.getStringAttr(name),
                                      getResourceAttr(type, name, value->bytes));
}

LogicalResult ModelBuilder::reportProblems() {
  if (problems.empty())
    return success();
  constexpr size_t kShown = 10;
  InFlightDiagnostic diagnostic = emitError(fileLoc);
  diagnostic << "checkpoint '" << checkpoint.getPrefix() << "' does not fit the config: it "
             << problems.front();
  for (const std::string &problem : llvm::ArrayRef(problems).drop_front().take_front(kShown - 1))
    diagnostic.attachNote() << "it " << problem;
  if (problems.size() > kShown)
    diagnostic.attachNote() << "and " << problems.size() - kShown << " more";
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

Value ModelBuilder::dense(Value input, const Twine &scope, int64_t rows, int64_t columns) {
  std::string prefix = scope.str();
  Value kernel = weight(prefix + "/kernel", {rows, columns});
  Value bias = weight(prefix + "/bias", {columns});
  name(prefix + "/MatMul");
  Value product = ov::MatMulOp::create(b, input, kernel, false, false);
  name(prefix + "/BiasAdd");
  return ov::AddOp::create(b, product, bias);
}

Value ModelBuilder::layerNorm(Value input, const Twine &scope) {
  std::string prefix = scope.str();
  Value gamma = weight(prefix + "/gamma", {config.hiddenSize});
  Value beta = weight(prefix + "/beta", {config.hiddenSize});
  name(prefix + "/batchnorm/mul_1");
  Value axes = ov::createInts(b, b.getLoc(), {-1});
  Value normal =
      ov::MVNOp::create(b, input, axes, APFloat(config.layerNormEpsilon), true, "INSIDE_SQRT");
  Value scaled = ov::MultiplyOp::create(b, normal, gamma);
  name(prefix + "/batchnorm/add_1");
  return ov::AddOp::create(b, scaled, beta);
}

Value ModelBuilder::activate(Value input, StringRef name) {
  if (name == "gelu_erf" || name == "gelu_tanh")
    return ov::GeluOp::create(b, input, name == "gelu_erf" ? "ERF" : "TANH");
  if (name == "relu")
    return ov::ReluOp::create(b, input);
  if (name == "tanh")
    return ov::TanhOp::create(b, input);
  return input;
}

Value ModelBuilder::head(Value input, Value weights, Value bias) {
  Value product = ov::MatMulOp::create(b, input, weights, false, /*transpose_b=*/true);
  return ov::AddOp::create(b, product, bias);
}

Value ModelBuilder::splitHeads(Value input, StringRef name) {
  this->name(name + "/Reshape");
  int64_t heads = config.numAttentionHeads;
  Value target = ov::createInts(b, b.getLoc(), {0, 0, heads, config.hiddenSize / heads});
  Value cut = ov::ReshapeOp::create(b, input, target, /*special_zero=*/true);
  this->name(name + "/transpose");
  return ov::TransposeOp::create(b, cut, ov::createInts(b, b.getLoc(), {0, 2, 1, 3}));
}

Value ModelBuilder::getMask() {
  if (mask)
    return mask;
  // (1 - mask) * -10000 over the keys.
  name(scope + "encoder/mask");
  Value wide =
      ov::UnsqueezeOp::create(b, function.getArgument(1), ov::createInts(b, b.getLoc(), {1, 2}));
  Value number = ov::ConvertOp::create(b, wide, b.getF32Type());
  Value one = ov::createScalarFloat(b, b.getLoc(), 1.0, b.getF32Type());
  Value inverse = ov::SubtractOp::create(b, one, number);
  Value low = ov::createScalarFloat(b, b.getLoc(), kMaskedValue, b.getF32Type());
  return mask = ov::MultiplyOp::create(b, inverse, low);
}

Value ModelBuilder::attention(Value input, const Twine &scope) {
  std::string prefix = scope.str();
  int64_t hidden = config.hiddenSize;
  auto part = [&](StringRef which) {
    std::string name = (prefix + "/self/" + which).str();
    return splitHeads(dense(input, name, hidden, hidden), name);
  };
  Value query = part("query"), key = part("key"), value = part("value");
  Value bias = getMask();
  name(prefix + "/self/MatMul");
  Value scores = ov::MatMulOp::create(b, query, key, false, /*transpose_b=*/true);
  name(prefix + "/self/Mul");
  int64_t headSize = hidden / config.numAttentionHeads;
  double scale = 1.0 / std::sqrt(static_cast<double>(headSize));
  Value factor = ov::createScalarFloat(b, b.getLoc(), scale, b.getF32Type());
  scores = ov::MultiplyOp::create(b, scores, factor);
  name(prefix + "/self/add");
  scores = ov::AddOp::create(b, scores, bias);
  name(prefix + "/self/Softmax");
  Value weights = ov::SoftMaxOp::create(b, scores, -1);
  name(prefix + "/self/MatMul_1");
  Value context = ov::MatMulOp::create(b, weights, value, false, false);
  name(prefix + "/self/transpose");
  context = ov::TransposeOp::create(b, context, ov::createInts(b, b.getLoc(), {0, 2, 1, 3}));
  name(prefix + "/self/Reshape");
  return ov::ReshapeOp::create(b, context, ov::createInts(b, b.getLoc(), {0, 0, hidden}),
                               /*special_zero=*/true);
}

Value ModelBuilder::layer(Value input, int64_t index) {
  std::string prefix = scope + "encoder/layer_" + std::to_string(index);
  int64_t hidden = config.hiddenSize, inner = config.intermediateSize;
  Value attended = dense(attention(input, prefix + "/attention"),
                         prefix + "/attention/output/dense", hidden, hidden);
  name(prefix + "/attention/output/add");
  attended =
      layerNorm(ov::AddOp::create(b, attended, input), prefix + "/attention/output/LayerNorm");
  Value wide = dense(attended, prefix + "/intermediate/dense", hidden, inner);
  name(prefix + "/intermediate/dense/activation");
  wide = activate(wide, activation);
  Value result = dense(wide, prefix + "/output/dense", inner, hidden);
  name(prefix + "/output/add");
  return layerNorm(ov::AddOp::create(b, result, attended), prefix + "/output/LayerNorm");
}

Value ModelBuilder::getEmbeddings() {
  std::string prefix = scope + "embeddings";
  int64_t hidden = config.hiddenSize;
  Value words = weight(prefix + "/word_embeddings", {config.vocabSize, hidden});
  Value types = weight(prefix + "/token_type_embeddings", {config.typeVocabSize, hidden});
  Value positions = weight(prefix + "/position_embeddings", {config.maxPositionEmbeddings, hidden});
  name(prefix + "/Gather");
  Value zero = ov::createScalarInt(b, b.getLoc(), 0);
  Value sum = ov::GatherOp::create(b, words, function.getArgument(0), zero, 0);
  name(prefix + "/token_types");
  Value type = ov::GatherOp::create(b, types, function.getArgument(2), zero, 0);
  name(prefix + "/add");
  sum = ov::AddOp::create(b, sum, type);
  name(prefix + "/Slice");
  Value shape = ov::ShapeOfOp::create(b, function.getArgument(0), b.getI64Type());
  Value first = ov::createInts(b, b.getLoc(), {0}), one = ov::createInts(b, b.getLoc(), {1});
  Value length = ov::GatherOp::create(b, shape, one, zero, 0);
  Value rows = ov::SliceOp::create(b, positions, first, length, one, first);
  name(prefix + "/add_1");
  sum = ov::AddOp::create(b, sum, rows);
  return layerNorm(sum, prefix + "/LayerNorm");
}

Value ModelBuilder::getSequence() {
  if (sequence)
    return sequence;
  sequence = getEmbeddings();
  for (int64_t i = 0; i < config.numHiddenLayers; ++i)
    sequence = layer(sequence, i);
  return sequence;
}

Value ModelBuilder::getPooled() {
  if (pooled)
    return pooled;
  Value all = getSequence();
  name(scope + "pooler/strided_slice");
  Value first = ov::GatherOp::create(b, all, ov::createScalarInt(b, b.getLoc(), 0),
                                     ov::createScalarInt(b, b.getLoc(), 1), 0);
  pooled = dense(first, scope + "pooler/dense", config.hiddenSize, config.hiddenSize);
  name(scope + "pooler/dense/Tanh");
  return pooled = ov::TanhOp::create(b, pooled);
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

Value ModelBuilder::getTokenLogits(StringRef scope, bool isEnd) {
  if (!spanLogits) {
    Value all = getSequence();
    Value weights = weight(scope + "/output_weights", {2, config.hiddenSize});
    Value bias = weight(scope + "/output_bias", {2});
    name(scope + "/BiasAdd");
    spanLogits = head(all, weights, bias);
  }
  name(isEnd ? "unstack:1" : "unstack");
  return ov::GatherOp::create(b, spanLogits, ov::createScalarInt(b, b.getLoc(), isEnd),
                              ov::createScalarInt(b, b.getLoc(), 2), 0);
}

Value ModelBuilder::getMaskedLMLogits() {
  if (maskedLMLogits)
    return maskedLMLogits;
  std::string prefix = "cls/predictions";
  int64_t hidden = config.hiddenSize;
  Value transformed = dense(getSequence(), prefix + "/transform/dense", hidden, hidden);
  transformed = activate(transformed, activation);
  transformed = layerNorm(transformed, prefix + "/transform/LayerNorm");
  Value words = weight(scope + "embeddings/word_embeddings", {config.vocabSize, hidden});
  Value bias = weight(prefix + "/output_bias", {config.vocabSize});
  name(prefix + "/BiasAdd");
  return maskedLMLogits = head(transformed, words, bias);
}

std::vector<Output> ModelBuilder::getOutputs() {
  std::vector<Output> outputs;
  bool hasClassifier = has("output_weights") && has("output_bias");
  bool hasSpans = has("cls/squad/output_weights");
  bool isFineTuned = hasClassifier || hasSpans;
  std::string last =
      scope + "encoder/layer_" + std::to_string(config.numHiddenLayers - 1) + "/output/LayerNorm";

  if (hasClassifier) {
    auto logits = [this] {
      if (classLogits)
        return classLogits;
      std::string reason;
      FailureOr<RankedTensorType> type = checkpoint.getType("output_weights", reason);
      int64_t labels = succeeded(type) && type->getRank() == 2 ? type->getShape()[0] : 2;
      Value input = getPooled();
      Value weights = weight("output_weights", {labels, config.hiddenSize});
      Value bias = weight("output_bias", {labels});
      name("loss/BiasAdd");
      return classLogits = head(input, weights, bias);
    };
    outputs.push_back({{"probabilities", "loss/Softmax"},
                       [this, logits] {
                         Value input = logits();
                         name("loss/Softmax");
                         return ov::SoftMaxOp::create(b, input, -1).getOutput();
                       },
                       true});
    outputs.push_back({{"logits", "loss/BiasAdd"}, logits, true});
  }
  if (hasSpans) {
    outputs.push_back({{"start_logits", "unstack", "unstack:0"},
                       [this] { return getTokenLogits("cls/squad", false); },
                       true});
    outputs.push_back(
        {{"end_logits", "unstack:1"}, [this] { return getTokenLogits("cls/squad", true); }, true});
  }
  if (has(scope + "pooler/dense/kernel"))
    outputs.push_back({{"pooled_output", scope + "pooler/dense/Tanh"},
                       [this] { return getPooled(); },
                       !isFineTuned});
  outputs.push_back({{"sequence_output", last + "/batchnorm/add_1", last},
                     [this] { return getSequence(); },
                     !isFineTuned});
  if (has("cls/predictions/output_bias")) {
    outputs.push_back({{"masked_lm_logits", "cls/predictions/BiasAdd"},
                       [this] { return getMaskedLMLogits(); },
                       false});
    outputs.push_back({{"masked_lm_log_probs", "cls/predictions/LogSoftmax"},
                       [this] {
                         Value input = getMaskedLMLogits();
                         name("cls/predictions/LogSoftmax");
                         return ov::LogSoftmaxOp::create(b, input, -1).getOutput();
                       },
                       false});
  }
  if (has("cls/seq_relationship/output_weights"))
    outputs.push_back({{"next_sentence_log_probs", "cls/seq_relationship/LogSoftmax"},
                       [this] {
                         std::string prefix = "cls/seq_relationship";
                         Value input = getPooled();
                         Value weights = weight(prefix + "/output_weights", {2, config.hiddenSize});
                         Value bias = weight(prefix + "/output_bias", {2});
                         name(prefix + "/BiasAdd");
                         Value logits = head(input, weights, bias);
                         name(prefix + "/LogSoftmax");
                         return ov::LogSoftmaxOp::create(b, logits, -1).getOutput();
                       },
                       false});
  return outputs;
}
