include "mlir/Pass/PassBase.td"

def ConsumerFuseAbsoluteValue : Pass<"consumer-fuse-absolute-value", "::mlir::func::FuncOp"> {
  let summary = "Makes Abs of sqrt(x * x)";
  let dependentDialects = ["::bertmlir::ov::OVDialect"];
}
