namespace Mimir.Wicked;

/// <summary>How a process that the server leaves behind hides from its grandparent. Each sleeps two minutes, unless it says otherwise.</summary>
internal enum Grandchild
{
    /// <summary>An ordinary child of the server.</summary>
    Plain,

    /// <summary>In a session of its own, its parent gone: re-parented.</summary>
    Setsid,

    /// <summary>An ordinary child that ignores SIGTERM, SIGINT and SIGHUP.</summary>
    IgnoreTerm,

    /// <summary>In a session of its own, re-parented, ignoring SIGTERM, SIGINT and SIGHUP.</summary>
    SetsidIgnoreTerm,

    /// <summary>An ordinary child that keeps the server's stdin, stdout and stderr open.</summary>
    HoldStdout,

    /// <summary>In a session of its own, without a descriptor and with nothing in its environment but the mark of tests; its parent, an ordinary child, lives.</summary>
    Unmarked,

    /// <summary>In flight: leaves for another session again and again, deaf, a moment old whenever it is looked for. It ends by itself after a minute or so.</summary>
    Restless,
}
