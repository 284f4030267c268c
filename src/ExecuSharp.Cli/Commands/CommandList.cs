using System.CommandLine;

namespace ExecuSharp.Cli.Commands;

/// <summary>All verbs of the tool.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All()
    {
        yield return ConvertCommand.Create();
        yield return InspectCommand.Create();
        yield return RunCommand.Create();
        yield return VerifyCommand.Create();
        yield return CompareCommand.Create();
        yield return BenchCommand.Create();
        yield return ClassifyCommand.Create();
        yield return EmbedCommand.Create();
        yield return ModelsCommand.Create();
        yield return DoctorCommand.Create();
        yield return DemoCommand.Create();
    }
}
