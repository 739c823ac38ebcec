namespace Orrery.Sky;

/// <summary>What a body looks like from here.</summary>
internal enum Shape
{
    Disc,
    Rays,
    Ring,
    Box,
}
