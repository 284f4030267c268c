namespace ExecuSharp.Graphs;

/// <summary>Looks at one node and returns what to put in its place, or null to leave it.</summary>
public interface IRewriteRule
{
    /// <summary>Name, for messages.</summary>
    string Name { get; }

    /// <summary>Looks at a node. New nodes go to <see cref="RewriteContext.Builder"/>, whose values must not be used if null is returned.</summary>
    Patch? Apply(Node node, RewriteContext context);
}
