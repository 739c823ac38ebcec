using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>One change that turns a request into the other era's: a stretch of the frame and what stands in its place.</summary>
/// <param name="Range">What goes; a length of 0 inserts.</param>
/// <param name="Lead">What comes first in its place; constant text.</param>
/// <param name="Tail">What comes last; constant text.</param>
/// <remarks>What is put between lead and tail is the caller's: the stamp of a modern request, or nothing.</remarks>
public readonly record struct FrameChange(ByteRange Range, byte[] Lead, byte[] Tail);
