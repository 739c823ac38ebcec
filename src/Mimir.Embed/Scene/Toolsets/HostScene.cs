using System.Runtime.CompilerServices;
using Mimir.Embed.Hosting;
using Mimir.Embed.Scene.InMemory;
using Mimir.Embed.Scene.Transitions;

namespace Mimir.Embed.Scene.Toolsets;

/// <summary>The scene of a host and what its toolsets have in common.</summary>
internal sealed class HostScene
{
    private static readonly ConditionalWeakTable<McpHost, HostScene> s_scenes = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly IFrameClock _turns;
    private ISceneGraph? _graph;

    private HostScene(McpHost host)
    {
        Sink = new HostLog(host.Options.Log);
        LongestTransition = host.Options.CallTimeout;
        _turns = new MainThreadClock(host.MainThread);
    }

    /// <summary>The scene: an empty one in memory when the app gave none.</summary>
    public ISceneGraph Graph => _graph ??= new InMemoryScene();

    /// <summary>Where the tool <c>log</c> writes.</summary>
    public ILogSink Sink { get; set; }

    /// <summary>How long a call may take, so how long a transition has to end within.</summary>
    public TimeSpan LongestTransition { get; }

    /// <summary>The transitions that run.</summary>
    public TransitionTable Transitions { get; } = new();

    /// <summary>The frames.</summary>
    public IFrameClock Clock => Graph.Clock ?? _turns;

    /// <summary>That of a host.</summary>
    public static HostScene Of(McpHost host) => s_scenes.GetValue(host, static h => new HostScene(h));

    /// <summary>Sets the scene.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public void Set(ISceneGraph graph)
    {
        if (_graph is not null && _graph != graph) throw new InvalidOperationException("The host has a scene already: call UseScene once, and before the toolsets.");
        _graph = graph;
    }

    /// <summary>Marks a toolset as used.</summary>
    /// <returns>False when it was before.</returns>
    public bool Use(string toolset) => _used.Add(toolset);
}
