namespace Mimir.Router.Files;

/// <summary>Lets one process at a time do something. Ends with the process, however that ends; its file stays, and holds nothing.</summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);
    private readonly FileStream _held;

    private FileLock(FileStream held) => _held = held;

    /// <summary>How long one is waited for.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Takes it, when it is free.</summary>
    /// <param name="path">Full path of its file, in a folder that is there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when somebody else has it for longer than <see cref="Patience"/>.</returns>
    /// <exception cref="IOException">Its file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Its file may not be made.</exception>
    public static async Task<FileLock?> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        for (var begun = time.GetTimestamp(); ; await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false))
        {
            if (TryTake(path) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(begun) >= Patience)
            {
                return null;
            }
        }
    }

    /// <summary>Takes it.</summary>
    /// <param name="path">Full path of its file, which is made where there is none, in a folder that is there.</param>
    /// <returns>Null while somebody else has it.</returns>
    /// <exception cref="IOException">Its file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Its file may not be opened.</exception>
    public static FileLock? TryTake(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DurableFile.Private;
        }

        try
        {
            return new FileLock(new FileStream(path, options));
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    // EWOULDBLOCK of Linux and of macOS; ERROR_SHARING_VIOLATION of Windows.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) == 32 : e.HResult is 11 or 35;
}
