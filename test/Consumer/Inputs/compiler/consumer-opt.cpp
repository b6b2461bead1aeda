#include "bert/Dialect/OV/Transforms/Passes.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

namespace consumer {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Passes.h.inc"
} // namespace consumer

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<bertmlir::ov::OVDialect, mlir::func::FuncDialect>();
  bertmlir::ov::registerOVTransformsPasses();
  consumer::registerConsumerPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "A consumer's passes\n", registry));
}
