namespace Mimir.Protocol.Headers;

/// <summary>The JSON values a header can mirror.</summary>
internal enum JsonScalarKind : byte
{
    /// <summary>Null, an object, an array, or no JSON value at all.</summary>
    None,
    String,
    Number,
    True,
    False,
}
