include "mlir/IR/PatternBase.td"
include "bert/Dialect/OV/IR/OVOps.td"

def FuseAbsoluteValue : Pat<(OV_SqrtOp (OV_MultiplyOp $x, $x, $broadcast)), (OV_AbsOp $x)>;
