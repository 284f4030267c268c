using ExecuSharp.Tools.Coverage;
using ExecuSharp.Tools.Operators;

return args switch
{
    ["operators"] => OperatorCommand.WritePage(),
    ["operators", "--index", var conformance] => OperatorCommand.WriteIndex(conformance),
    ["coverage"] => CoverageCommand.Run(),
    ["coverage", var results] => CoverageCommand.Print(results),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        operators                       write docs/operators.md from the operator table
        operators --index CONFORMANCE   count the recorded cases of the sets in this folder, then write docs/operators.md
        coverage                        run the Unit and Conformance tests and print the lines that they run
        coverage RESULTS                print them again from the reports in a folder
        """);
    return 2;
}
