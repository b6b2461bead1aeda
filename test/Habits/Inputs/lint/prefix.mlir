// RUN: bert-opt %s | FileCheck %s --check-prefix=ONE
// ONE: x
// OTHER: x
