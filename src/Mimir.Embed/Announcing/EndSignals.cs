#if NET
using System.Runtime.InteropServices;

namespace Mimir.Embed.Announcing;

/// <summary>
/// Does something when the system asks the process to end (SIGTERM), and changes nothing else about it: since .NET 10 a process
/// that does not handle it ends without <see cref="AppDomain.ProcessExit"/>.
/// </summary>
/// <remarks>Not SIGINT and SIGHUP, after which apps may go on.</remarks>
internal sealed class EndSignals : IDisposable
{
    private readonly PosixSignalRegistration? _registration;

    /// <param name="doing">What to do. May run more than once, and on any thread.</param>
    public EndSignals(Action doing)
    {
        try
        {
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => doing());
        }
        catch (PlatformNotSupportedException)
        {
            // No such signals there.
        }
    }

    public void Dispose() => _registration?.Dispose();
}
#endif
