namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>How a product of rows with grouped weights is cut into tasks for the threads: tiles of rows, and runs of parts of the columns.</summary>
internal struct ProductTiling
{
    private int groups;
    private int parts;
    private int pixels;

    /// <summary>Rows of a tile.</summary>
    public int TileRows { get; private set; }

    /// <summary>Tiles of all rows.</summary>
    public int Tiles { get; private set; }

    /// <summary>Parts of the columns that a task computes.</summary>
    public int PartsPerTask { get; private set; }

    /// <summary>Number of tasks.</summary>
    public readonly int Tasks => groups * RunsPerGroup * Tiles;

    private readonly int RunsPerGroup => (parts + PartsPerTask - 1) / PartsPerTask;

    /// <summary>Cuts a product.</summary>
    /// <param name="pixels">Rows.</param>
    /// <param name="groups">Groups of columns.</param>
    /// <param name="parts">Parts of the columns of a group.</param>
    /// <param name="most">Rows that a tile may have; fewer where that is what keeps the threads busy.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="shareRows">Whether a task keeps its rows for all parts when there are tiles enough.</param>
    public static ProductTiling Of(int pixels, int groups, int parts, int most, int threads, bool shareRows)
    {
        int wanted = ((pixels / (2 * threads)) + 7) / 8 * 8;
        int rows = groups * parts >= 2 * threads ? most : Math.Clamp(wanted, 8, most);
        int tiles = (pixels + rows - 1) / rows;
        return new ProductTiling { groups = groups, parts = parts, pixels = pixels, TileRows = rows, Tiles = tiles, PartsPerTask = shareRows && tiles * groups >= 2 * threads ? parts : 1 };
    }

    /// <summary>What a task computes: a group, its first row and number of rows, and the first and end part of the columns.</summary>
    public readonly (int Group, int Row, int Rows, int FirstPart, int EndPart) Task(int task)
    {
        int part = task / Tiles, row = task % Tiles * TileRows, first = part % RunsPerGroup * PartsPerTask;
        return (part / RunsPerGroup, row, Math.Min(TileRows, pixels - row), first, Math.Min(parts, first + PartsPerTask));
    }
}
