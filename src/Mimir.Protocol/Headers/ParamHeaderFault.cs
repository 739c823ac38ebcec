namespace Mimir.Protocol.Headers;

/// <summary>In which way the headers of a request and its arguments disagree. Each but <see cref="None"/> is a <c>HeaderMismatch</c>.</summary>
public enum ParamHeaderFault : byte
{
    /// <summary>They agree.</summary>
    None,

    /// <summary>The arguments have a value and the header is absent.</summary>
    Missing,

    /// <summary>The header is there and the arguments have no value, null, or one that no header can mirror.</summary>
    Unexpected,

    /// <summary>The header was sent more than once.</summary>
    Repeated,

    /// <summary>Header and argument differ, or the header is not well encoded.</summary>
    Different,

    /// <summary>The arguments are not JSON, or name the mirrored property twice, so that readers could see different values.</summary>
    AmbiguousArguments,
}
