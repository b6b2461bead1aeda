// One box per op that the inputs reach; weights and constants are words in them,
// layers are frames, and what depends on no input is left out.

// RUN: bert-opt %s --export-dot="output=%t.dot" | FileCheck %s --check-prefix=SAME
// RUN: FileCheck %s --input-file=%t.dot --implicit-check-not="weight" --implicit-check-not="shape=ellipse"

// SAME: ov.matmul

// CHECK: digraph {
// CHECK: label=<main>
// CHECK: [[X:n[0-9]+]] [label=<<b>ids &amp; more</b>>, shape=ellipse
// CHECK: [[OUT:n[0-9]+]] [label=<<b>out</b>>, shape=ellipse
// CHECK: subgraph cluster_{{[0-9]+}} {
// CHECK-NEXT: label=<bert/encoder/layer_11>
// CHECK-NEXT: [[DOT:n[0-9]+]] [label=<<b>matmul</b><br/><font {{[^>]*}}>dense/MatMul</font><br/><font {{[^>]*}}>kernel 4x8</font>>
// CHECK-NEXT: [[SUM:n[0-9]+]] [label=<<b>add</b>{{.*}}>dense/add</font><br/><font {{[^>]*}}>0.5</font>>
// CHECK-NEXT: }
// CHECK: label=<bert/pooler>
// CHECK-NEXT: [[END:n[0-9]+]] [label=<<b>transpose</b>{{.*}}>Transpose</font><br/><font {{[^>]*}}>[1, 0, 2]</font>>, fillcolor="#eeeeee"
// CHECK-NEXT: }
// CHECK-DAG: [[X]] -> [[DOT]] [label=" ?x?x4"];
// CHECK-DAG: [[DOT]] -> [[SUM]] [label=" ?x?x8"];
// CHECK-DAG: [[SUM]] -> [[END]] [label=" ?x?x8"];
// CHECK-DAG: [[END]] -> [[OUT]] [label=" ?x?x8"];
func.func @main(%x: tensor<?x?x4xf32> {ov.name = "ids & more"}) -> (tensor<?x?x8xf32> {ov.name = "out"}) {
  %w = ov.weight "bert/encoder/layer_11/dense/kernel" dense<[[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]]> : tensor<4x8xf32>
  %half = ov.constant dense<0.5> : tensor<f32>
  %order = ov.constant dense<[1, 0, 2]> : tensor<3xi64>
  %0 = ov.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x4xf32>, tensor<4x8xf32>) -> tensor<?x?x8xf32> loc("bert/encoder/layer_11/dense/MatMul")
  %1 = ov.add %0, %half : (tensor<?x?x8xf32>, tensor<f32>) -> tensor<?x?x8xf32> loc("bert/encoder/layer_11/dense/add")
  %2 = ov.transpose %1, %order : (tensor<?x?x8xf32>, tensor<3xi64>) -> tensor<?x?x8xf32> loc("bert/pooler/Transpose")
  return %2 : tensor<?x?x8xf32>
}
