// RUN: bert-opt %s | FileCheck %s --check-prefixes=ONE,TWO
// A CHECK of nothing.
// ONE-SAME: x
// TWO-COUNT-2: x
