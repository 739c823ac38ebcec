namespace Mimir.Router.Upstreams.Lines;

/// <summary>
/// Lets a reading thread that found several messages in one read write the answers with one write per peer: writers touched
/// between <see cref="Begin"/> and <see cref="End"/> are flushed at the end.
/// </summary>
public static class FlushBatch
{
    [ThreadStatic]
    private static List<LineWriter>? _touched;

    [ThreadStatic]
    private static bool _open;

    /// <summary>Opens a batch on this thread. Batches do not nest.</summary>
    public static void Begin()
    {
        _touched ??= new List<LineWriter>(8);
        _open = true;
    }

    /// <summary>Closes the batch and flushes.</summary>
    public static void End()
    {
        _open = false;
        var touched = _touched!;
        foreach (var writer in touched)
        {
            writer.Flush();
        }

        touched.Clear();
    }

    internal static bool Defer(LineWriter writer)
    {
        if (!_open)
        {
            return false;
        }

        var touched = _touched!;
        if (!touched.Contains(writer))
        {
            touched.Add(writer);
        }

        return true;
    }
}
