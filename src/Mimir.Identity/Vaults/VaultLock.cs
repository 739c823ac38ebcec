using Mimir.Router.Files;
using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>Lets one process at a time change the vaults of a folder. Ends with the process, however that ends; its file stays, and holds nothing.</summary>
internal sealed class VaultLock : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);
    private readonly FileStream _held;

    private VaultLock(FileStream held) => _held = held;

    /// <summary>How long one is waited for.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes it, when it is free.</summary>
    /// <param name="vault">Full path of the vault, in a folder that is there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VaultException">Somebody else has it for longer than <see cref="Patience"/>, or it cannot be made.</exception>
    public static async Task<VaultLock> TakeAsync(string vault, TimeProvider time, CancellationToken cancellationToken)
    {
        // One for a folder: the key in it belongs to all vaults there. Where a link stands, the folder is that of what it leads to.
        var link = new FileInfo(vault);
        var target = link.LinkTarget is null ? vault : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var file = Path.Combine(Path.GetDirectoryName(target)!, ".secrets.lock");
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DurableFile.Private;
        }

        for (var begun = time.GetTimestamp(); ; await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return new VaultLock(new FileStream(file, options));
            }
            catch (IOException e) when (IsHeld(e) && time.GetElapsedTime(begun) < Patience)
            {
                // It is asked for again.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw e is IOException held && IsHeld(held)
                    ? new VaultException(VaultTrouble.Busy, new CredentialFault(vault, "another process is changing the vault", "Try again when it has ended"), e)
                    : new VaultException(VaultTrouble.NotSaved, new CredentialFault(file, $"cannot be opened: {e.Message}", "Give this user the right to write there"), e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    // EWOULDBLOCK of Linux and of macOS; ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) == 32 : e.HResult is 11 or 35;
}
