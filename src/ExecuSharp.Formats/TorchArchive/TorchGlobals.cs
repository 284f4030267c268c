using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>The closed list of PyTorch's globals, and the modules whose names alone are refused.</summary>
internal static class TorchGlobals
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch._utils._rebuild_qtensor",
        "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_device_tensor_from_numpy",
        "torch._utils._rebuild_device_tensor_from_cpu_tensor", "torch._tensor._rebuild_from_type_v2",
        "torch.serialization._get_layout", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
        "torch.Tensor", "torch._tensor.Tensor", "torch.Size", "torch.device", "torch.dtype", "torch.ScriptObject",
        "torch.per_tensor_affine", "torch.per_channel_affine", "torch.per_channel_affine_float_qparams",
        "torch.per_tensor_symmetric", "torch.per_channel_symmetric",
        "torch.strided", "torch.sparse_coo", "torch.contiguous_format", "torch.channels_last", "torch.channels_last_3d", "torch.preserve_format",
        "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist",
        "torch.jit._pickle.build_tensorlist", "torch.jit._pickle.restore_type_tag", "torch.jit._pickle.build_tensor_from_id",
    };

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["torch._utils._rebuild_sparse_csr_tensor"] = "compressed sparse tensors are not read",
        ["torch._utils._rebuild_nested_tensor"] = "nested tensors are not read",
        ["torch._utils._rebuild_meta_tensor_no_storage"] = "a tensor of the meta device has no data in the file",
        ["torch._utils._rebuild_wrapper_subclass"] = "tensor subclasses are not read",
        ["torch._utils._rebuild_xla_tensor"] = "XLA tensors are not read",
    };

    private static readonly HashSet<string> Dangerous = new(StringComparer.Ordinal)
    {
        "os", "posix", "nt", "posixpath", "ntpath", "subprocess", "sys", "builtins", "__builtin__", "shutil", "socket", "importlib", "runpy",
        "pty", "ctypes", "code", "codeop", "commands", "platform", "webbrowser", "timeit", "pickle", "_pickle", "marshal", "types",
        "operator", "_operator", "functools", "multiprocessing", "threading", "asyncio", "signal", "tempfile", "io", "_io", "inspect", "pip",
        "pydoc", "bdb", "pdb", "cProfile", "profile", "trace", "urllib", "http", "requests", "ftplib", "smtplib", "telnetlib",
    };

    public static bool Knows(PickleGlobal global) =>
        Known.Contains(global.FullName) || TorchTypes.TryStorage(global, out _) || TorchTypes.Type(global) is not null
        || global.Module is "torch.storage" && global.Name == "TypedStorage" || IsTorchScript(global);

    /// <summary>Classes of a TorchScript archive; their code is text beside the pickle.</summary>
    public static bool IsTorchScript(PickleGlobal global) =>
        global.Module == "__torch__" || global.Module.StartsWith("__torch__.", StringComparison.Ordinal);

    /// <summary>Why a known constructor is not read, or null.</summary>
    public static string? ReasonToRefuse(PickleGlobal global) => Refused.GetValueOrDefault(global.FullName);

    /// <summary>True where even naming the global is refused.</summary>
    public static bool IsDangerous(PickleGlobal global)
    {
        int dot = global.Module.IndexOf('.');
        return Dangerous.Contains(dot < 0 ? global.Module : global.Module[..dot]);
    }
}
