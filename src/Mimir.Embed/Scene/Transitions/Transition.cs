using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Scene.Transitions;

/// <summary>A change that takes time: one step a frame, on the main thread, at an even pace.</summary>
internal sealed class Transition
{
    private readonly TaskCompletionSource<TransitionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ISceneNode _node;
    private readonly ISpatialAccess _access;
    private readonly TransformChange _change;
    private readonly IFrameClock _clock;
    private readonly string _path;
    private readonly double _start;
    private readonly Vec3 _from;

    /// <summary>Not begun.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="access">Where nodes are.</param>
    /// <param name="spatial">Where it is.</param>
    /// <param name="change">What is asked.</param>
    /// <param name="clock">The frames.</param>
    public Transition(ISceneNode node, ISpatialAccess access, ISpatial spatial, TransformChange change, IFrameClock clock)
    {
        (_node, _access, _change, _clock) = (node, access, change, clock);
        _path = node.Path;
        _from = change.Read(spatial);
        _start = clock.Seconds;
    }

    /// <summary>What of the place it changes.</summary>
    public TransformKind Kind => _change.Kind;

    /// <summary>How it ended.</summary>
    /// <exception cref="InvalidOperationException">The node is gone, or nobody runs frames.</exception>
    public Task<TransitionEnd> Ended => _ended.Task;

    /// <summary>Has the first step taken in the next frame.</summary>
    public void Begin()
    {
        if (!_clock.TryOnNextFrame(Step)) Fail("Too much waits for the next frame. Try again later.");
    }

    /// <summary>Ends it where it is, for a later one.</summary>
    public void Replace() => _ended.TrySetResult(TransitionEnd.Replaced);

    /// <summary>Ends it where it is, for nobody waits for it.</summary>
    public void Cancel(CancellationToken cancellation) => _ended.TrySetCanceled(cancellation);

    private void Step()
    {
        if (_ended.Task.IsCompleted) return;
        try
        {
            if (!_node.IsAlive)
            {
                Fail($"'{_path}' was destroyed before the change of its {TransformWords.Of(Kind)} ended.");
                return;
            }

            if (_access.Of(_node) is not { } spatial)
            {
                Fail($"'{_path}' lost its transform before the change of its {TransformWords.Of(Kind)} ended.");
                return;
            }

            var part = Math.Min(1, (_clock.Seconds - _start) / _change.Seconds);
            _change.Apply(spatial, _from, part);
            if (part >= 1) _ended.TrySetResult(TransitionEnd.Reached);
            else Begin();
        }
        catch (Exception e)
        {
            // Whoever waits for it is told; the app's loop is not to fall over what an engine throws here.
            _ended.TrySetException(e);
        }
    }

    private void Fail(string words) => _ended.TrySetException(new InvalidOperationException(words));
}
