namespace Mimir.Configuration.Tree;

/// <summary>A place in a file.</summary>
/// <param name="File">Full path of the file.</param>
/// <param name="Line">From 1; 0 when the place is the file as a whole. <c>\n</c>, <c>\r\n</c> and a lone <c>\r</c> end a line.</param>
/// <param name="Column">From 1, counted in Unicode code points, a tab as one; 0 when the place is the file as a whole.</param>
public readonly record struct ConfigMark(string File, int Line, int Column)
{
    /// <summary>The file as a whole.</summary>
    /// <param name="file">Full path of the file.</param>
    public static ConfigMark Whole(string file) => new(file, 0, 0);

    /// <summary><c>file:line:column</c>, or the file alone.</summary>
    public override string ToString() => Line == 0 ? File : string.Create(null, stackalloc char[256], $"{File}:{Line}:{Column}");
}
