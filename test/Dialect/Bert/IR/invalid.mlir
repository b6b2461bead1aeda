// RUN: bert-opt %s --split-input-file --verify-diagnostics

func.func @rows(%x: tensor<?x?x8xf32>, %w: tensor<7x8xf32>) {
  // expected-error @+2 {{the weight has 7 rows where the input has 8 columns}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.dense %x, %w : (tensor<?x?x8xf32>, tensor<7x8xf32>) -> tensor<?x?x8xf32>
  return
}

// -----

func.func @bias(%x: tensor<?x?x8xf32>, %w: tensor<8x4xf32>, %b: tensor<3xf32>) {
  // expected-error @+2 {{bias has 3 elements where 4 are needed}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.dense %x, %w bias %b : (tensor<?x?x8xf32>, tensor<8x4xf32>, tensor<3xf32>) -> tensor<?x?x4xf32>
  return
}

// -----

func.func @result(%x: tensor<?x?x8xf32>, %w: tensor<8x4xf32>) {
  // expected-error @+2 {{incompatible with return type(s) of operation}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.dense %x, %w : (tensor<?x?x8xf32>, tensor<8x4xf32>) -> tensor<?x?x5xf32>
  return
}

// -----

func.func @unknown_width(%x: tensor<?x?x?xf32>, %w: tensor<8x4xf32>) {
  // expected-error @+2 {{activations need two or more dimensions, the last one known}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.dense %x, %w : (tensor<?x?x?xf32>, tensor<8x4xf32>) -> tensor<?x?x4xf32>
  return
}

// -----

func.func @tables(%ids: tensor<?x?xi32>, %w: tensor<30x8xf32>, %p: tensor<16x4xf32>, %g: tensor<8xf32>) {
  // expected-error @+2 {{tables are 8 and 4 columns wide}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.embeddings %ids word %w position %p norm %g, %g {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<30x8xf32>, tensor<16x4xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  return
}

// -----

func.func @types(%ids: tensor<?x?xi32>, %w: tensor<30x8xf32>, %p: tensor<16x8xf32>, %g: tensor<8xf32>) {
  // expected-error @+2 {{types and a token_type table go together}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.embeddings %ids types %ids word %w position %p norm %g, %g {epsilon = 1.0e-12 : f32}
      : (tensor<?x?xi32>, tensor<?x?xi32>, tensor<30x8xf32>, tensor<16x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  return
}

// -----

func.func @norm(%x: tensor<?x?x8xf32>, %g: tensor<8xf32>, %b: tensor<4xf32>) {
  // expected-error @+2 {{beta has 4 elements where 8 are needed}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.add_layer_norm %x norm %g, %b {epsilon = 1.0e-12 : f32} : (tensor<?x?x8xf32>, tensor<8xf32>, tensor<4xf32>) -> tensor<?x?x8xf32>
  return
}

// -----

func.func @two(%x: tensor<?x?x8xf32>) {
  // expected-error @+2 {{widths of q, k and v don't fit}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = bert.attention %x, %x {heads = 2 : i64, scale = 0.5 : f32} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  return
}

// -----

func.func @heads(%x: tensor<?x?x24xf32>) {
  // expected-error @+1 {{splits 8 columns into 3 heads}}
  %0 = bert.attention %x {heads = 3 : i64, scale = 0.5 : f32} : (tensor<?x?x24xf32>) -> tensor<?x?x8xf32>
  return
}

// -----

func.func @offset() {
  // expected-error @+1 {{offset 32 is not a multiple of 64}}
  %0 = bert.packed_weight "w" at 32 rows : tensor<8x8xf32>
  return
}

// -----

func.func @panels() {
  // expected-error @+1 {{only matrices are packed in panels}}
  %0 = bert.packed_weight "w" at 64 panels : tensor<8xf32>
  return
}
