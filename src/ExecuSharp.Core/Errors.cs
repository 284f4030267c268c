namespace ExecuSharp.Core;

/// <summary>ExecuTorch's error codes (runtime/core/error.h).</summary>
public enum ErrorCode
{
    /// <summary>No error.</summary>
    Ok = 0x00,
    /// <summary>An error inside the runtime or a backend.</summary>
    Internal = 0x01,
    /// <summary>The object is not in the state that the call needs.</summary>
    InvalidState = 0x02,
    /// <summary>No instruction is left.</summary>
    EndOfMethod = 0x03,
    /// <summary>Already loaded.</summary>
    AlreadyLoaded = 0x04,
    /// <summary>Not supported in this context.</summary>
    NotSupported = 0x10,
    /// <summary>Not implemented.</summary>
    NotImplemented = 0x11,
    /// <summary>An argument has a value that is not allowed.</summary>
    InvalidArgument = 0x12,
    /// <summary>A value has another type than needed.</summary>
    InvalidType = 0x13,
    /// <summary>An operator of the program has no kernel.</summary>
    OperatorMissing = 0x14,
    /// <summary>Something named does not exist.</summary>
    NotFound = 0x20,
    /// <summary>Memory could not be had.</summary>
    MemoryAllocationFailed = 0x21,
    /// <summary>A file could not be read.</summary>
    AccessFailed = 0x22,
    /// <summary>The program is broken.</summary>
    InvalidProgram = 0x23,
    /// <summary>External data is broken.</summary>
    InvalidExternalData = 0x24,
    /// <summary>A resource is used up.</summary>
    OutOfResources = 0x25,
    /// <summary>The payload is of a kind that the backend cannot take.</summary>
    DelegateInvalidCompatibility = 0x30,
    /// <summary>A backend could not get memory.</summary>
    DelegateMemoryAllocationFailed = 0x31,
    /// <summary>A backend was called with a handle that is not its own.</summary>
    DelegateInvalidHandle = 0x32,
}

/// <summary>A failure to load or run a program, with ExecuTorch's <see cref="ErrorCode"/>.</summary>
public class ExecuTorchException : Exception
{
    /// <summary>Makes the exception; the message is completed with the code's number and name.</summary>
    public ExecuTorchException(ErrorCode code, string message, Exception? inner = null)
        : base($"{message} (0x{(int)code:x2} {code})", inner)
    {
        Code = code;
        Detail = message;
    }

    /// <summary>The code that the official runtime gives for this failure.</summary>
    public ErrorCode Code { get; }

    /// <summary>The message without the code.</summary>
    public string Detail { get; }
}

/// <summary>
/// A file is missing, broken, or not what it claims to be. Everything in <c>Formats</c> throws this and nothing else, whatever the bytes.
/// </summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="place">Where: a byte offset, a table and field, an entry of an archive.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    /// <param name="file">The file's name, or null where the reader sees bytes only.</param>
    /// <param name="inner">The cause.</param>
    public ModelFormatException(string place, string expected, string found, string? file = null, Exception? inner = null)
        : base($"{(file is null ? "" : file + ": ")}at {place}: expected {expected}, found {found}", inner)
    {
        File = file;
        Place = place;
        Expected = expected;
        Found = found;
    }

    /// <summary>The file's name, if known.</summary>
    public string? File { get; }

    /// <summary>Where in the file.</summary>
    public string Place { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    /// <summary>The same error with the name of the file it came from.</summary>
    public ModelFormatException In(string file) => File is null ? new ModelFormatException(Place, Expected, Found, file, this) : this;
}

/// <summary>One thing in a model that cannot be converted or run, and where it occurs.</summary>
/// <param name="What">The operator, node, backend or feature, by its standard name.</param>
/// <param name="Where">Where it occurs: node names, method and instruction.</param>
/// <param name="Why">Why it is unsupported.</param>
public sealed record UnsupportedItem(string What, string Where, string Why);

/// <summary>The model needs something unsupported. All of it is listed at once.</summary>
public sealed class UnsupportedModelException(string model, IReadOnlyList<UnsupportedItem> items)
    : Exception($"{model} needs what is not supported:\n" + string.Join("\n", items.Select(i => $"  {i.What} at {i.Where}: {i.Why}")))
{
    /// <summary>The model's name.</summary>
    public string Model { get; } = model;

    /// <summary>Everything unsupported.</summary>
    public IReadOnlyList<UnsupportedItem> Items { get; } = items;
}
