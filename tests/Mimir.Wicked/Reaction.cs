namespace Mimir.Wicked;

/// <summary>What the server does with a message that it should answer.</summary>
internal enum Reaction
{
    /// <summary>As the specification asks.</summary>
    Answer,

    /// <summary>Says nothing.</summary>
    Hang,

    /// <summary>Exits with code 1.</summary>
    Exit,

    /// <summary>Answers with a JSON-RPC error.</summary>
    Fail,

    /// <summary>Prints text that is no JSON, and nothing else.</summary>
    Garbage,

    /// <summary>Answers with the text of <see cref="Script.Verbatim"/>.</summary>
    Verbatim,
}
