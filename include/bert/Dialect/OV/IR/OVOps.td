//===- OVOps.td - all ops of the ov dialect -------------------*- tablegen -*-===//
//
// Part of bert-mlir, under the Apache License v2.0. See LICENSE for details.
//
//===----------------------------------------------------------------------===//

#ifndef BERT_DIALECT_OV_IR_OVOPS_TD
#define BERT_DIALECT_OV_IR_OVOPS_TD

include "bert/Dialect/OV/IR/OVConstantOps.td"
include "bert/Dialect/OV/IR/OVElementwiseOps.td"
include "bert/Dialect/OV/IR/OVComputeOps.td"
include "bert/Dialect/OV/IR/OVMovementOps.td"

#endif // BERT_DIALECT_OV_IR_OVOPS_TD
