namespace Mimir.Configuration.Readers;

/// <summary>How a table of TOML came to be, which decides who may add to it.</summary>
internal enum TomlOrigin : byte
{
    /// <summary>It holds a table that a header names, and may get a header of its own once.</summary>
    Implied,

    /// <summary>It has a header, or is the file itself.</summary>
    Header,

    /// <summary>Dotted keys made it: only keys of the same table add to it, and headers only tables within it.</summary>
    Dotted,
}
