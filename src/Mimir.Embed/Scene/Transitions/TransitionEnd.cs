namespace Mimir.Embed.Scene.Transitions;

/// <summary>How a transition ended.</summary>
internal enum TransitionEnd
{
    /// <summary>At its goal.</summary>
    Reached,

    /// <summary>On its way: a later change of the same took its place.</summary>
    Replaced,
}
