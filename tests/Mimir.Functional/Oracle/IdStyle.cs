namespace Mimir.Functional.Oracle;

/// <summary>How a client writes its ids. All count from 0.</summary>
internal enum IdStyle
{
    /// <summary>0, 1, 2.</summary>
    Numbers,

    /// <summary>"0", "1", "2".</summary>
    Strings,

    /// <summary>0, "0", 1, "1": both spellings of a number in flight at once.</summary>
    Mixed,
}
