using ExecuSharp.Tools.Operators;

return args switch
{
    ["operators"] => OperatorCommand.WritePage(),
    ["operators", "--index", var conformance] => OperatorCommand.WriteIndex(conformance),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        operators                       write docs/operators.md from the operator table
        operators --index CONFORMANCE   count the recorded cases of the sets in this folder, then write docs/operators.md
        """);
    return 2;
}
