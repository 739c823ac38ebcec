using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor.Systems;

/// <summary>What the system has of one child: its number, its pipes, and how its family is found.</summary>
internal interface IChildBody
{
    /// <summary>Its number.</summary>
    int ProcessId { get; }

    /// <summary>Its stdin and stdout.</summary>
    IChildLine Line { get; }

    /// <summary>It and what came of it.</summary>
    IFamily Family { get; }

    /// <summary>Begins to empty its stderr and to wait for its end. Does not fail.</summary>
    /// <param name="taker">Takes its stderr.</param>
    /// <param name="onExit">Called once, when it has exited and its last words are read. Must be quick.</param>
    void Watch(StandardErrorTaker taker, Action<ChildExit> onExit);

    /// <summary>Nobody needs to look after it any more: it has ended, and nobody is left of its family. Its number is still its own.</summary>
    void Forget();

    /// <summary>Gives its number and all that is left of it back to the system.</summary>
    void Release();
}
