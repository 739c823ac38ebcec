namespace Mimir.Protocol.Headers;

/// <summary>The types of arguments that may be mirrored into a header. <c>number</c> is not among them.</summary>
public enum ParamHeaderType : byte
{
    /// <summary>JSON Schema <c>string</c>.</summary>
    String,

    /// <summary>JSON Schema <c>integer</c>.</summary>
    Integer,

    /// <summary>JSON Schema <c>boolean</c>.</summary>
    Boolean,
}
