namespace Mimir.Conformance.Embedded;

/// <summary>The smallest files of their kinds.</summary>
internal static class Samples
{
    /// <summary>A red pixel.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    /// <summary>A quarter of a millisecond of silence.</summary>
    public static byte[] Wav { get; } = Convert.FromBase64String("UklGRigAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQQAAAAAAAAA");
}
