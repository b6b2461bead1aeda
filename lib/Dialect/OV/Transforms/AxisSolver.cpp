//===- AxisSolver.cpp - which axis is which -------------------------------------===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#include "AxisSolver.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

using namespace bertmlir::ov::axes;
using llvm::StringRef;

// Stand-ins for open dimensions: primes above every size that a graph writes, so
// that no literal is a multiple of one by accident.
static constexpr int64_t kOpenBatch = 2147483659, kOpenSequence = 2147483693;

// How many ways of cutting one dimension list are looked at.
static constexpr size_t kMaxGroupings = 64;

AxisSolver::AxisSolver(std::optional<int64_t> batch, std::optional<int64_t> sequence,
                       bool freeBatch, bool freeSequence)
    : batchSize(batch.value_or(kOpenBatch)), sequenceSize(sequence.value_or(kOpenSequence)),
      freeBatch(freeBatch), freeSequence(freeSequence) {}

bool AxisSolver::refuse(const llvm::Twine &why) {
  if (reason.empty())
    reason = why.str();
  return false;
}

Dim AxisSolver::newVariable(Variable variable) {
  variables.push_back(std::move(variable));
  return {Atom::variable(variables.size() - 1)};
}

//===----------------------------------------------------------------------===//
// Reading dimensions
//===----------------------------------------------------------------------===//

void AxisSolver::normalizeInto(const Dim &dim, Dim &out) const {
  for (const Atom &atom : dim) {
    if (atom.kind == Atom::Variable && variables[atom.value].meaning)
      normalizeInto(*variables[atom.value].meaning, out);
    else if (atom.kind != Atom::Integer)
      out.push_back(atom);
    else if (atom.value == 1)
      continue;
    else if (!out.empty() && out.back().kind == Atom::Integer)
      out.back().value *= atom.value;
    else
      out.push_back(atom);
  }
}

Dim AxisSolver::normalize(const Dim &dim) const {
  Dim out;
  normalizeInto(dim, out);
  return out;
}

Size AxisSolver::sizeOf(const Atom &atom) const {
  switch (atom.kind) {
  case Atom::Batch:
    return batchSize;
  case Atom::Sequence:
    return sequenceSize;
  case Atom::Integer:
    return atom.value;
  case Atom::Variable:
    return variables[atom.value].size;
  }
  return 0;
}

Size AxisSolver::sizeOf(const Dim &dim) const {
  Size size = 1;
  for (const Atom &atom : dim)
    size *= sizeOf(atom);
  return size;
}

Size AxisSolver::valueOf(const Monomial &monomial) const {
  Size value = monomial.factor;
  for (unsigned i = 0; i < monomial.b; ++i)
    value *= batchSize;
  for (unsigned i = 0; i < monomial.s; ++i)
    value *= sequenceSize;
  return value;
}

Monomial AxisSolver::monomialOf(const Dim &dim) const {
  Monomial monomial;
  for (const Atom &atom : normalize(dim)) {
    if (atom.kind == Atom::Batch)
      ++monomial.b;
    else if (atom.kind == Atom::Sequence)
      ++monomial.s;
    else
      monomial.factor *= static_cast<int64_t>(sizeOf(atom));
  }
  return monomial;
}

bool AxisSolver::contains(const Dim &dim, Atom::Kind kind) const {
  return llvm::any_of(normalize(dim), [&](const Atom &atom) { return atom.kind == kind; });
}

std::string AxisSolver::describe(const Dim &dim) const {
  std::string text;
  for (const Atom &atom : normalize(dim)) {
    text += text.empty() ? "" : "*";
    switch (atom.kind) {
    case Atom::Batch:
      text += "b";
      break;
    case Atom::Sequence:
      text += "s";
      break;
    case Atom::Integer:
      text += std::to_string(atom.value);
      break;
    case Atom::Variable:
      text += std::to_string(static_cast<int64_t>(variables[atom.value].size)) + "?";
      break;
    }
  }
  return text.empty() ? "1" : text;
}

bool AxisSolver::isAmbiguous(Size number) const {
  for (unsigned b = 0; b <= 2; ++b)
    for (unsigned s = 0; s <= 2; ++s) {
      if (b + s == 0 || (b && !freeBatch) || (s && !freeSequence))
        continue;
      if (valueOf({1, b, s}) == number)
        return true;
    }
  return false;
}

//===----------------------------------------------------------------------===//
// Unification
//===----------------------------------------------------------------------===//

bool AxisSolver::bind(int64_t number, Dim meaning, StringRef where) {
  Variable &variable = variables[number];
  unsigned factors = 0;
  for (const Atom &atom : meaning) {
    if (atom.kind == Atom::Variable) {
      if (atom.value == number)
        return true;
      // The other one inherits what this one can't do.
      Variable &other = variables[atom.value];
      other.isUniform &= variable.isUniform;
      other.excludesBatch |= variable.excludesBatch;
      other.isWholeSequence &= variable.isWholeSequence;
      other.isFirstOfCount &= variable.isFirstOfCount;
      if (variable.limit)
        other.limit = other.limit ? std::min(other.limit, variable.limit) : variable.limit;
    }
    factors += atom != Atom::integer(1);
  }
  if (variable.isWholeSequence && meaning != Dim{Atom::sequence()} &&
      llvm::none_of(meaning, [](const Atom &atom) { return atom.kind == Atom::Variable; }))
    return refuse(where + ": takes a part of the sequence (" + variable.origin +
                  "): a number of tokens, or all?");
  bool hasBatch = contains(meaning, Atom::Batch), hasSequence = contains(meaning, Atom::Sequence);
  bool isCount = variable.countsExamples && meaning == Dim{Atom::batch()};
  if (hasBatch && !isCount && (variable.excludesBatch || !variable.isUniform))
    return refuse(where + ": a constant (" + variable.origin + ") varies along the batch");
  if (!variable.isUniform && factors > 1 &&
      llvm::any_of(meaning, [](const Atom &atom) { return atom.kind != Atom::Integer; }))
    return refuse(where + ": a constant (" + variable.origin +
                  ") varies along an axis that is a product");
  if (hasSequence && variable.limit)
    limitSequence(variable.limit, variable.origin);
  variable.meaning = std::move(meaning);
  return true;
}

bool AxisSolver::unify(const Dim &a, const Dim &b, StringRef where) {
  Dim x = normalize(a), y = normalize(b);
  auto mismatch = [&] { return refuse(where + ": " + describe(a) + " meets " + describe(b)); };
  if (sizeOf(x) != sizeOf(y))
    return mismatch();
  while (!x.empty() || !y.empty()) {
    if (x.empty() || y.empty())
      return mismatch();
    if (x.front() == y.front()) {
      x.erase(x.begin());
      y.erase(y.begin());
      continue;
    }
    // The variable to the left; of two the larger one.
    if (x.front().kind != Atom::Variable ||
        (y.front().kind == Atom::Variable && sizeOf(y.front()) > sizeOf(x.front())))
      std::swap(x, y);
    if (x.front().kind != Atom::Variable)
      return mismatch();
    int64_t number = x.front().value;
    Size size = sizeOf(x.front());
    unsigned count = 0;
    Size product = 1;
    while (product < size && count < y.size())
      product *= sizeOf(y[count++]);
    if (product == size && count > 0) {
      if (!bind(number, Dim(y.begin(), y.begin() + count), where))
        return false;
      x.erase(x.begin());
      y.erase(y.begin(), y.begin() + count);
      continue;
    }
    if (y.front().kind == Atom::Integer && Size(y.front().value) % size == 0) {
      if (!bind(number, {Atom::integer(static_cast<int64_t>(size))}, where))
        return false;
      x.erase(x.begin());
      y.front().value /= static_cast<int64_t>(size);
      continue;
    }
    return mismatch();
  }
  return true;
}

bool AxisSolver::fix(const Dim &dim, StringRef where) {
  for (const Atom &atom : normalize(dim))
    if (atom.kind == Atom::Variable &&
        !bind(atom.value, {Atom::integer(static_cast<int64_t>(sizeOf(atom)))}, where))
      return false;
  return true;
}

bool AxisSolver::excludeBatch(const Dim &dim, StringRef where) {
  exclusions.push_back({dim, where.str()});
  if (!contains(dim, Atom::Batch))
    return true;
  return refuse(where + ": mixes the examples of a batch");
}

bool AxisSolver::checkExclusions() {
  for (auto &[dim, where] : exclusions)
    if (contains(dim, Atom::Batch))
      return refuse(where + ": mixes the examples of a batch");
  return true;
}

void AxisSolver::limitSequence(int64_t rows, StringRef origin, bool isCut) {
  limits.push_back({rows, origin.str(), isCut});
}

void AxisSolver::limit(const Dim &dim, int64_t rows, StringRef origin) {
  for (const Atom &atom : normalize(dim)) {
    if (atom.kind == Atom::Sequence)
      limitSequence(rows, origin);
    if (atom.kind != Atom::Variable)
      continue;
    Variable &variable = variables[atom.value];
    if (variable.limit == 0 || rows < variable.limit) {
      variable.limit = rows;
      variable.origin = origin.str();
    }
  }
}

bool AxisSolver::bindExamples(int64_t number, StringRef where) {
  variables[number].countsExamples = true;
  return bind(number, {Atom::batch()}, where);
}

void AxisSolver::settle() {
  for (Variable &variable : variables) {
    if (variable.meaning)
      continue;
    if (variable.isWholeSequence) {
      variable.meaning = Dim{Atom::sequence()};
      limitSequence(static_cast<int64_t>(sequenceSize), variable.origin);
    } else if (variable.isFirstOfCount) {
      variable.meaning = Dim();
    }
  }
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

// A literal is only read as where to cut: batch and sequence are never divided, so
// with sizes of 2 and more there is one way at most. Where the batch was built as 1
// it may stand at several places: a group of its own, leftmost, comes first.
void AxisSolver::groupRest(llvm::ArrayRef<Size> sizes, unsigned index, Size rest, Dim current,
                           llvm::SmallVector<Atom> atoms, bool splitVariables, Grouping soFar,
                           std::vector<Grouping> &found) {
  if (found.size() >= kMaxGroupings)
    return;
  if (index == sizes.size()) {
    if (atoms.empty())
      found.push_back(std::move(soFar));
    return;
  }
  if (rest == 1) {
    auto close = [&] {
      Grouping next = soFar;
      next.dims.push_back(current);
      groupRest(sizes, index + 1, index + 1 < sizes.size() ? sizes[index + 1] : 1, {}, atoms,
                splitVariables, std::move(next), found);
    };
    auto take = [&] {
      Dim longer = current;
      longer.push_back(atoms.front());
      groupRest(sizes, index, 1, std::move(longer),
                llvm::SmallVector<Atom>(llvm::ArrayRef(atoms).drop_front()), splitVariables, soFar,
                found);
    };
    bool isUnit = !atoms.empty() && sizeOf(atoms.front()) == 1;
    if (isUnit && current.empty())
      take();
    close();
    if (isUnit && !current.empty())
      take();
    return;
  }
  if (atoms.empty())
    return;
  Atom atom = atoms.front();
  Size size = sizeOf(atom);
  if (size != 0 && rest % size == 0) {
    Dim longer = current;
    longer.push_back(atom);
    groupRest(sizes, index, rest / size, std::move(longer),
              llvm::SmallVector<Atom>(llvm::ArrayRef(atoms).drop_front()), splitVariables,
              std::move(soFar), found);
    return;
  }
  if (rest == 0 || size % rest != 0)
    return;
  if (atom.kind == Atom::Integer) {
    Dim longer = current;
    longer.push_back(Atom::integer(static_cast<int64_t>(rest)));
    atoms.front().value = static_cast<int64_t>(size / rest);
    groupRest(sizes, index, 1, std::move(longer), std::move(atoms), splitVariables,
              std::move(soFar), found);
    return;
  }
  if (atom.kind == Atom::Variable && splitVariables && variables[atom.value].isUniform) {
    Variable outer = variables[atom.value], inner = outer;
    outer.size = rest;
    inner.size = size / rest;
    Dim parts = newVariable(outer);
    Dim second = newVariable(inner);
    Dim longer = current;
    longer.push_back(parts.front());
    atoms.front() = second.front();
    parts.push_back(second.front());
    soFar.splits.push_back({atom.value, parts});
    groupRest(sizes, index, 1, std::move(longer), std::move(atoms), splitVariables,
              std::move(soFar), found);
  }
}

std::vector<AxisSolver::Grouping> AxisSolver::group(const Dim &dim, llvm::ArrayRef<Size> sizes,
                                                    bool splitVariables) {
  Dim atoms = normalize(dim);
  std::vector<Grouping> found;
  if (sizes.empty()) {
    if (sizeOf(atoms) == 1)
      found.push_back({});
    return found;
  }
  groupRest(sizes, 0, sizes.front(), {}, llvm::SmallVector<Atom>(atoms.begin(), atoms.end()),
            splitVariables, {}, found);
  return found;
}
