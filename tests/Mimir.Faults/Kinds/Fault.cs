using Mimir.Faults.Matrix;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>One row of the matrix: what happens to a server, and what of the usual course of a cell is different for it.</summary>
/// <param name="id">X01 to X19.</param>
/// <param name="title">What it is, in a few words.</param>
/// <param name="full">Calls per cell in a run of scale 1.</param>
internal abstract class Fault(string id, string title, int full)
{
    /// <summary>X01 to X19.</summary>
    public string Id { get; } = id;

    /// <summary>What it is.</summary>
    public string Title { get; } = title;

    /// <summary>Calls per cell in a run of scale 1.</summary>
    public int Full { get; } = full;

    /// <summary>Calls per cell in the smallest run.</summary>
    public virtual int Least => 48;

    /// <summary>Most calls that each client has open at a time in a run of scale 1.</summary>
    public virtual int Widest => 128;

    /// <summary>The victim's <c>startupTimeout</c>.</summary>
    public virtual TimeSpan Startup => TimeSpan.FromSeconds(10);

    /// <summary>The victim's <c>callTimeout</c>.</summary>
    public virtual TimeSpan Call => TimeSpan.FromSeconds(5);

    /// <summary>How long lists wait.</summary>
    public virtual TimeSpan ListGrace => TimeSpan.FromSeconds(5);

    /// <summary>More keys of the victim, each with a comma before it.</summary>
    public virtual string Keys => "";

    /// <summary>More limits, each with a comma before it.</summary>
    public virtual string Limits => "";

    /// <summary>Members of the victim's script.</summary>
    public virtual string Script => "";

    /// <summary>Whether a network of ours stands before the victim, where it is not a child.</summary>
    public virtual bool NeedsNetwork => false;

    /// <summary>Whether calls may end with an error.</summary>
    public virtual bool MayFail => true;

    /// <summary>Whether those errors may be the server's.</summary>
    public virtual bool MayBeTheirs => false;

    /// <summary>Whether what was open when it comes has to end at once.</summary>
    public virtual bool IsDeadly => false;

    /// <summary>When a call has to have ended: its own time, whatever has to be started or looked for meanwhile.</summary>
    public virtual TimeSpan DeadlineIn(Phase phase) => Call;

    /// <summary>Whether the router is no more when a cell of that phase is over.</summary>
    public virtual bool EndsRouter(Phase phase) => phase == Phase.ShuttingDown;

    /// <summary>Whether each cell needs a router of its own.</summary>
    public virtual bool NeedsOwnBed => false;

    /// <summary>Whether a cell of that phase is played again, on another router, until it has made its calls.</summary>
    public virtual bool IsRepeated(Phase phase) => false;

    /// <summary>Whether the victim is ill from its first moment, so that nobody waits for it to be well.</summary>
    public virtual bool IsBornIll => false;

    /// <summary>The victim's <c>protocol</c>: by default nothing is left to be found out.</summary>
    public virtual string Protocol(Transport transport) => transport.Protocol();

    /// <summary>In how many parts a cell of that phase is played in a run of scale 1, each on a router of its own: one that has to wait for thousands of calls one after the other.</summary>
    public virtual int PartsIn(Phase phase) => 1;

    /// <summary>Whether its cells last long and use little of the machine: a run begins with them, so that the others fill the time.</summary>
    public virtual bool IsSlow => false;

    /// <summary>Why there is nothing to test there; null when there is.</summary>
    public virtual string? Excuse(Transport transport, Phase phase) => null;

    /// <summary>More servers.</summary>
    public virtual void Configure(Config config, Transport transport, Account account, TempFolder folder)
    {
    }

    /// <summary>Gives back what <see cref="Configure"/> made, when the router has ended.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Begins. It may end by itself.</summary>
    public virtual Task StrikeAsync(Scene scene) => Task.CompletedTask;

    /// <summary>Ends it, once every call that it met has ended.</summary>
    public virtual Task MendAsync(Scene scene) => scene.Bed.Victim.MendAsync();

    /// <summary>A whole cell.</summary>
    public virtual Task RunAsync(Scene scene) => Drill.RunAsync(scene);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
