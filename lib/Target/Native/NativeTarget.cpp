//===- NativeTarget.cpp - a kind of CPU, by what it can do ----------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "bert/Target/Native/NativeTarget.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace bertmlir;
using namespace bertmlir::native;
using llvm::StringRef;

namespace {

// The names are all that the compiler needs of the list; the rest is the runtime's.
constexpr StringRef checkedFeatures[] = {
#define CPU_FEATURE(name, leaf, subleaf, reg, bit, state) name,
#include "bert/Runtime/CpuFeatures.def"
};

// What a feature brings along, so that the list says everything that code may use.
struct Implication {
  StringRef feature;
  StringRef implied;
};
constexpr Implication implications[] = {
    {"ssse3", "sse3"},
    {"sse4.1", "ssse3"},
    {"sse4.2", "sse4.1"},
    {"popcnt", "sse4.2"},
    {"avx", "sse4.2"},
    {"avx", "popcnt"},
    {"f16c", "avx"},
    {"fma", "avx"},
    {"avx2", "avx"},
    {"avxvnni", "avx2"},
    {"avx512f", "avx2"},
    {"avx512f", "fma"},
    {"avx512f", "f16c"},
    {"avx512dq", "avx512f"},
    {"avx512cd", "avx512f"},
    {"avx512bw", "avx512f"},
    {"avx512vl", "avx512f"},
    {"avx512vbmi", "avx512bw"},
    {"avx512vbmi2", "avx512bw"},
    {"avx512vnni", "avx512f"},
    {"avx512bitalg", "avx512bw"},
    {"avx512vpopcntdq", "avx512f"},
    {"avx512bf16", "avx512bw"},
    {"avx512fp16", "avx512bw"},
    {"amx-bf16", "amx-tile"},
    {"amx-int8", "amx-tile"},
};

// In the order of the list, with what they imply.
std::vector<std::string> complete(llvm::StringSet<> features) {
  for (size_t before = 0; before != features.size();) {
    before = features.size();
    for (const Implication &implication : implications)
      if (features.contains(implication.feature))
        features.insert(implication.implied);
  }
  std::vector<std::string> result;
  for (StringRef feature : checkedFeatures)
    if (features.contains(feature))
      result.push_back(feature.str());
  return result;
}

NativeTarget make(StringRef name, llvm::ArrayRef<StringRef> features) {
  llvm::StringSet<> set;
  for (StringRef feature : features)
    set.insert(feature);
  return {name.str(), complete(std::move(set))};
}

// What every CPU with AVX-512 (since 2017) or AVX2 (since 2013) also has.
NativeTarget makeAvx512() {
  return make("avx512", {"avx512f", "avx512dq", "avx512cd", "avx512bw", "avx512vl", "bmi", "bmi2",
                         "lzcnt", "movbe"});
}
NativeTarget makeAvx2() {
  return make("avx2", {"avx2", "fma", "f16c", "bmi", "bmi2", "lzcnt", "movbe"});
}
NativeTarget makePortable() { return make("portable", {}); }

} // namespace

bool NativeTarget::has(StringRef feature) const { return llvm::is_contained(features, feature); }

int64_t NativeTarget::getVectorBits() const {
  return has("avx512f") ? 512 : has("avx") ? 256 : 128;
}

std::string NativeTarget::getFeatureList() const { return llvm::join(features, ","); }

NativeTarget native::getHostTarget() {
  llvm::StringSet<> features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    if (feature.second)
      features.insert(feature.first());
  // Only what the machine says itself: one that hides AVX2 but shows AVX-512 can't have either.
  NativeTarget target{"native", {}};
  for (StringRef feature : checkedFeatures)
    if (features.contains(feature))
      target.features.push_back(feature.str());
  return target;
}

llvm::Expected<NativeTarget> native::parseTarget(StringRef text) {
  if (text == "native")
    return getHostTarget();
  if (text == "avx512")
    return makeAvx512();
  if (text == "avx2")
    return makeAvx2();
  if (text == "portable")
    return makePortable();
  llvm::SmallVector<StringRef> items;
  text.split(items, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  llvm::StringSet<> features;
  for (StringRef item : items) {
    item = item.trim();
    item.consume_front("+");
    if (!llvm::is_contained(checkedFeatures, item))
      return llvm::createStringError(
          "'" + item +
          "' is no target; there are native, avx512, avx2 and portable, and the features " +
          llvm::join(llvm::ArrayRef(checkedFeatures), ", "));
    features.insert(item);
  }
  if (features.empty())
    return llvm::createStringError("no feature is named; 'portable' uses none");
  return NativeTarget{"custom", complete(std::move(features))};
}

std::vector<NativeTarget> native::getMultiTargets() {
  return {makeAvx512(), makeAvx2(), makePortable()};
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
native::createTargetMachine(const NativeTarget &target) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  std::string error;
  const llvm::Target *llvmTarget = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!llvmTarget)
    return llvm::createStringError("LLVM can't compile for " + triple.str() + ": " + error);
  llvm::TargetOptions options;
  // A fused multiply-add only where one is written: a tail that is compiled on its own must give
  // the bits that the main loop gives. (vector.fma is llvm.fmuladd.)
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  std::string features;
  for (const std::string &feature : target.features)
    features += (features.empty() ? "+" : ",+") + feature;
  std::unique_ptr<llvm::TargetMachine> machine(llvmTarget->createTargetMachine(
      triple, /*CPU=*/triple.isX86() ? "x86-64" : "generic", features, options, llvm::Reloc::PIC_,
      std::nullopt, llvm::CodeGenOptLevel::Aggressive));
  if (!machine)
    return llvm::createStringError("LLVM can't make code for " + triple.str());
  return machine;
}
