using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pickle;

/// <summary>Checks a finished tree: no cycles, bounded depth. Each shared value is looked at once.</summary>
internal static class PickleShape
{
    public static void Check(PickleValue root)
    {
        // the height of a finished value, 0 while it is being visited
        var heights = new Dictionary<PickleValue, int>(ReferenceEqualityComparer.Instance);
        var path = new Stack<(PickleValue Value, IEnumerator<PickleValue> Children, int Height)>();
        Enter(root);
        while (path.Count > 0)
        {
            var (value, children, height) = path.Pop();
            if (!children.MoveNext())
            {
                heights[value] = height;
                if (path.Count > 0)
                {
                    var parent = path.Pop();
                    path.Push(parent with { Height = Math.Max(parent.Height, height + 1) });
                }
                continue;
            }
            var child = children.Current;
            if (!heights.TryGetValue(child, out int known))
            {
                path.Push((value, children, height));
                if (child is PickleString or PickleInt or PickleFloat or PickleNone or PickleBool or PickleBytes && child.State is null)
                    heights[child] = 1;
                else
                    Enter(child);
                continue;
            }
            if (known == 0)
                throw new ModelFormatException("the pickle", "a tree", $"a cycle through {child}");
            height = Math.Max(height, known + 1);
            if (height > Unpickler.MaxDepth)
                throw TooDeep();
            path.Push((value, children, height));
        }

        void Enter(PickleValue value)
        {
            heights[value] = 0;
            path.Push((value, value.Children.GetEnumerator(), 1));
            if (path.Count > Unpickler.MaxDepth)
                throw TooDeep();
        }
    }

    private static ModelFormatException TooDeep() =>
        new("the pickle", $"at most {Unpickler.MaxDepth} levels", "deeper nesting");
}
