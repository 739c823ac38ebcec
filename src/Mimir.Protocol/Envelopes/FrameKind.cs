namespace Mimir.Protocol.Envelopes;

/// <summary>What a JSON-RPC message is.</summary>
public enum FrameKind : byte
{
    /// <summary>Not a valid message; see the scan status.</summary>
    Invalid,

    /// <summary>Has a method and an id.</summary>
    Request,

    /// <summary>Has a method and no id.</summary>
    Notification,

    /// <summary>Has a result and an id.</summary>
    Response,

    /// <summary>Has an error; its id may be null.</summary>
    Error,
}

/// <summary>How a scan ended.</summary>
public enum ScanStatus : byte
{
    /// <summary>A valid envelope.</summary>
    Ok,

    /// <summary>Not JSON, not UTF-8, or something behind the end of the object.</summary>
    NotJson,

    /// <summary>Nested deeper than the limit.</summary>
    TooDeep,

    /// <summary>JSON, but no JSON-RPC 2.0 message.</summary>
    NotMessage,

    /// <summary>A key that decides something stands twice.</summary>
    DuplicateKey,

    /// <summary>The id is neither a string nor an integer, or is longer than 256 bytes.</summary>
    BadId,

    /// <summary>A value that decides something (a name, a token, a version) has the wrong type.</summary>
    BadValue,
}
