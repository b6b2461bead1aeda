// The grammar of inputs, accepted and refused. x is [?,?] of i32.

// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x(1,128)"}))' | FileCheck %s --check-prefix=ROUND
// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x:0 [ -1 , ..128 ] {i64}"}))' | FileCheck %s --check-prefix=SPACES
// RUN: bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[2 2]->[1,2 3 4]"}))' | FileCheck %s --check-prefix=VALUE
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[1,128"}))' 2>&1 | FileCheck %s --check-prefix=OPEN
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[1][2]"}))' 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[a]"}))' 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[9..2]"}))' 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x{complex}"}))' 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x,x:0"}))' 2>&1 | FileCheck %s --check-prefix=SAME
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x:3"}))' 2>&1 | FileCheck %s --check-prefix=PORT
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[2,2]->[1 2]"}))' 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x[1,2]->1.5"}))' 2>&1 | FileCheck %s --check-prefix=ELEMENT
// RUN: not bert-opt %s -pass-pipeline='builtin.module(tf.graph(tf-specialize-inputs{inputs="x->1->2"}))' 2>&1 | FileCheck %s --check-prefix=ARROWS

// ROUND: tf.input 0 "x" names ["x", "x:0"] : tensor<1x128xi32>
// SPACES: tf.input 0 "x" names ["x", "x:0"] bounds [0, -1, 0, 128] : tensor<?x?xi64>
// VALUE: tf.Const "x/frozen"() {dtype = i32, value = dense<{{\[}}[1, 2], [3, 4]]> : tensor<2x2xi32>}
// OPEN: error: in the list of inputs: 'x[1,128' lacks a ']'
// TWICE: error: in the list of inputs: 'x[1][2]' has two shapes or two types
// WORD: error: in the list of inputs: 'a' is no dimension; write a number, ?, or a range such as 1..512
// RANGE: error: in the list of inputs: '9..2' is no range of a dimension; write 1..512, ..512 or 1..
// TYPE: error: node 'x' (Placeholder) can't have the element type 'complex'; the types are
// SAME: error: 'x' is named twice among the inputs
// PORT: error: node 'x' (Placeholder) has 1 outputs; there is no output 3
// COUNT: error: node 'x' (Placeholder) takes 4 values, or one for all of them; 2 are given
// ELEMENT: error: node 'x' (Placeholder) can't have the value '1.5' as 'i32'
// ARROWS: error: in the list of inputs: 'x->1->2' has two values
tf.graph {
  %x, %xc = tf.Placeholder "x"() {dtype = i32} : () -> tensor<?x?xi32>
  %y:2 = tf.Identity "y"(%x) {T = i32} : (tensor<?x?xi32>) -> tensor<*xi32>
}
