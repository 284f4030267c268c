using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Runtime;
using ExecuSharp.Tensors;

if (args.Length != 1)
{
    Console.Error.WriteLine("run-program MODEL.pte: runs the first method on ones and prints its outputs");
    return 2;
}
try
{
    using var program = ExecuSharp.Runtime.Program.Load(args[0]);
    using var method = program.LoadMethod(program.MethodNames[0]);
    for (int i = 0; i < method.InputCount; i++)
        if (method.GetInput(i).Tag == Tag.Tensor)
            method.SetInput(i, EValue.Of(SampleInputs.Ones(method.GetInput(i).AsTensor().Type, method.GetInput(i).AsTensor().Sizes)));
    method.Execute();
    for (int i = 0; i < method.OutputCount; i++)
        Console.WriteLine($"output {i}: {Text(method.GetOutput(i))}");
    return 0;
}
catch (Exception e) when (e is ModelFormatException or ExecuTorchException or UnsupportedProgramException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static string Text(EValue value)
{
    if (value.Tag != Tag.Tensor)
        return value.ToString()!;
    var tensor = value.AsTensor();
    string elements = tensor.Type == ScalarType.Float ? string.Join(", ", tensor.Span<float>()[..Math.Min(8, (int)tensor.Numel)].ToArray().Select(v => v.ToString("G6", CultureInfo.InvariantCulture))) : "";
    return $"{tensor} {elements}";
}
