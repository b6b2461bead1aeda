"""The lit suite of bert-mlir: `lit build/release/test`, or the target check-bert."""

import os

import lit.formats

config.name = "bert-mlir"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".mlir", ".test", ".pbtxt", ".td"]
config.excludes = ["Inputs", "Integration", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.bert_obj_root, "test")

config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.bert_obj_root, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
# A CHECK variable of one function must not leak into the next, and a prefix
# that no line uses is a typo.
config.environment["FILECHECK_OPTS"] = "-enable-var-scope --allow-unused-prefixes=false"
config.substitutions.append(("%src_root", config.bert_src_root))
config.substitutions.append(("%inputs", os.path.join(config.test_source_root, "Inputs")))
config.substitutions.append(("%bert_lib", os.path.join(config.bert_obj_root, "lib")))
config.substitutions.append(("%bert_obj", config.bert_obj_root))
# Configures a project of somebody else's, as we were configured. (lit's rule: the longest name first.)
config.substitutions.insert(
    0, ("%cmake_consumer", f"cmake -G Ninja -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_C_COMPILER={config.c_compiler} -DCMAKE_CXX_COMPILER={config.cxx_compiler}")
)
if config.sanitizers:
    config.available_features.add("sanitizers")
    # LLVM's allocators mark free memory by hand. libMLIR is not built with the sanitizers, so what
    # our code has marked its code does not unmark: that marking would be found where nothing is wrong.
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0:allow_user_poisoning=0"
