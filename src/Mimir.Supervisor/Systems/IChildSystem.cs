using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Systems;

/// <summary>How an operating system makes children and tells of them. Thread-safe. Nothing is started before the first child is.</summary>
internal interface IChildSystem : IAsyncDisposable
{
    /// <summary>The process that ends the children should this one be killed; 0 where it does not stand, or the system does it by itself.</summary>
    int GuardProcessId { get; }

    /// <summary>Completes when children can be made.</summary>
    Task PrepareAsync();

    /// <summary>Makes a child. Nothing can fail once it runs.</summary>
    /// <exception cref="SystemCallException">The system refuses.</exception>
    /// <exception cref="ProcessStartException">It cannot be made here.</exception>
    IChildBody Make(ChildOrder order);

    /// <summary>Bytes of memory that children and what came of them hold, what they share counted for each; 0 where the system is not asked.</summary>
    /// <exception cref="IOException">It cannot be seen.</exception>
    ValueTask<long> MeasureAsync(IReadOnlyCollection<IChildBody> children);
}
