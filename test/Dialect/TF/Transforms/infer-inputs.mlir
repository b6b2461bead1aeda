// RUN: bert-opt %s --split-input-file -pass-pipeline='builtin.module(tf.graph(tf-infer-inputs))' 2>&1 | FileCheck %s

// What the outputs need becomes an input after those that are named; a flag takes
// its default; what nothing needs stays out.

// CHECK-DAG: remark: input 'ids' was chosen, since it is not named
// CHECK-DAG: remark: input 'IteratorGetNext:1' was chosen, since it is not named
// CHECK-DAG: remark: 'types' takes its default, since it is not named among the inputs
// CHECK-DAG: tf.input 0 "mask"
// CHECK-DAG: %[[IDS:.*]] = tf.input 1 "ids" names ["ids", "ids:0"] : tensor<1x8xi32>
// CHECK-DAG: %[[SEG:.*]] = tf.input 2 "IteratorGetNext:1" names ["IteratorGetNext:1"] : tensor<?x8xi32>
// CHECK-DAG: %[[KEEP:.*]]:2 = tf.Const "keep"
// CHECK: tf.Add "a"(%[[IDS]], %[[SEG]])
// CHECK: tf.Identity "k"(%[[KEEP]]#0)
// CHECK-NOT: tf.input
tf.graph {
  %mask = tf.input 0 "mask" names ["mask"] : tensor<1x8xi32>
  %ids, %idsc = tf.Placeholder "ids"() {dtype = i32} : () -> tensor<1x8xi32>
  %labels, %labelsc = tf.Placeholder "labels"() {dtype = i32} : () -> tensor<1xi32>
  %it, %itc = tf.Iterator "Iterator"() {} : () -> tensor<!tf.resource>
  %i0, %i1, %ic = tf.IteratorGetNext "IteratorGetNext"(%it) {output_types = [i32, i32]} : (tensor<!tf.resource>) -> (tensor<?x8xi32>, tensor<?x8xi32>)
  %one, %onec = tf.Const "keep"() {dtype = f32, value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %keep, %keepc = tf.PlaceholderWithDefault "keep_prob"(%one) {dtype = f32, shape = array<i64>} : (tensor<f32>) -> tensor<f32>
  %a, %ac = tf.Add "a"(%ids, %i1) {T = i32} : (tensor<1x8xi32>, tensor<?x8xi32>) -> tensor<*xi32>
  %k, %kc = tf.Identity "k"(%keep) {T = f32} : (tensor<f32>) -> tensor<*xf32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xi32>
  tf.output 1 "k" names ["k"] (%k) : tensor<*xf32>
  tf.output 2 "mask" names ["mask"] (%mask) : tensor<1x8xi32>
}

// -----

// What a parser of serialized examples needs is no input.

// CHECK: tf.input 0 "Parse" names ["Parse", "Parse:0"]
// CHECK-NOT: tf.input
tf.graph {
  %texts, %tc = tf.Placeholder "texts"() {dtype = !tf.string} : () -> tensor<?x!tf.string>
  %p, %pc = tf.ParseExampleV2 "Parse"(%texts) {Tdense = [i64]} : (tensor<?x!tf.string>) -> tensor<?x8xi64>
  %a, %ac = tf.Identity "a"(%p) {T = i64} : (tensor<?x8xi64>) -> tensor<*xi64>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xi64>
}

// -----

// Where inputs are named, what has a default and is not among them takes it.

// CHECK: %[[IDS:.*]] = tf.input 0 "ids"
// CHECK: %[[ZEROS:.*]]:2 = tf.ZerosLike "zeros"
// CHECK: tf.Add "a"(%[[IDS]], %[[ZEROS]]#0)
tf.graph {
  %ids = tf.input 0 "ids" names ["ids"] : tensor<?x8xi32>
  %zeros, %zc = tf.ZerosLike "zeros"(%ids) {T = i32} : (tensor<?x8xi32>) -> tensor<*xi32>
  %types, %tc = tf.PlaceholderWithDefault "types"(%zeros) {dtype = i32, shape = array<i64: -1, 8>} : (tensor<*xi32>) -> tensor<?x8xi32>
  %a, %ac = tf.Add "a"(%ids, %types) {T = i32} : (tensor<?x8xi32>, tensor<?x8xi32>) -> tensor<*xi32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xi32>
}

// -----

// Where none is, it is an input itself.

// CHECK: tf.input 1 "types"
tf.graph {
  %ids, %ic = tf.Placeholder "ids"() {dtype = i32} : () -> tensor<?x8xi32>
  %zeros, %zc = tf.ZerosLike "zeros"(%ids) {T = i32} : (tensor<?x8xi32>) -> tensor<*xi32>
  %types, %tc = tf.PlaceholderWithDefault "types"(%zeros) {dtype = i32, shape = array<i64: -1, 8>} : (tensor<*xi32>) -> tensor<?x8xi32>
  %a, %ac = tf.Add "a"(%ids, %types) {T = i32} : (tensor<?x8xi32>, tensor<?x8xi32>) -> tensor<*xi32>
  tf.output 0 "a" names ["a"] (%a) : tensor<*xi32>
}
