// RUN: not bert-opt %s --export-dot 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not bert-opt %s --export-dot="output=%t.dot function=other" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// RUN: not bert-opt %s --export-dot="output=%t.dot" 2>&1 | FileCheck %s --check-prefix=BLOCKS
// RUN: not bert-opt %s --export-dot="output=%t.dot function=private" 2>&1 | FileCheck %s --check-prefix=BLOCKS
// RUN: not bert-opt %s --export-dot="output=%t/no/m.dot function=plain" 2>&1 | FileCheck %s --check-prefix=FILE
// RUN: echo "module {}" | not bert-opt --export-dot="output=%t.dot" 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not ls %t.dot
// RUN: not env PATH=%t/no-programs %bert_lib/../bin/bert-opt %s --export-dot="output=%t.svg function=plain" 2>&1 | FileCheck %s --check-prefix=SVG

// NAME: error: export-dot needs the name of the file to write: output=model.dot or model.svg
// FUNCTION: error: export-dot: there is no function 'other'
// BLOCKS: error: export-dot: only a body of one block above the LLVM dialect can be drawn
// FILE: error: export-dot: {{.*}}m.dot
// EMPTY: error: export-dot: there is no graph and no public function to draw
// SVG: error: export-dot: the program 'dot' is not there, which writes SVG; install graphviz
func.func @main(%x: i1) -> i1 {
  cf.br ^next
^next:
  return %x : i1
}
func.func private @private() -> i1
func.func @plain(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
