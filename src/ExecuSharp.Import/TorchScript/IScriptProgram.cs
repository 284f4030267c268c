using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript;

/// <summary>Code that can be executed symbolically: source or bytecode.</summary>
internal interface IScriptProgram
{
    /// <summary>The parameters of a method of the module without <c>self</c>; null if there is no such method.</summary>
    IReadOnlyList<ScriptInput>? Inputs(ScriptValue.Object module, string method);

    /// <summary>Runs a method of an object.</summary>
    ScriptValue Run(ScriptValue.Object owner, string method, IReadOnlyList<ScriptValue> args);

    /// <summary>True if the object's class has the method.</summary>
    bool Has(ScriptValue.Object owner, string method);
}
