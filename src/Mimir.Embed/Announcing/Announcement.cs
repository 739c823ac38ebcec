using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Embed.Binding;

namespace Mimir.Embed.Announcing;

/// <summary>
/// A host that is announced on the machine, to programs of the same user, for as long as this is not disposed: a file that says what it is
/// called, where it is reached and which process it is. It says no token. A router offers it to its operator, who decides.
/// </summary>
public sealed class Announcement : IDisposable
{
    private static int s_dialing;
    private readonly string _file;
    private int _isGone;
#if NET
    private readonly EndSignals _signals;
#endif

    private Announcement(string file)
    {
        _file = file;
        AppDomain.CurrentDomain.ProcessExit += Ended;
#if NET
        _signals = new EndSignals(Delete);
#endif
    }

    /// <summary>Announces a host. The file replaces one of the same name and process.</summary>
    /// <param name="folder">Where: <see cref="HostFolder.ForUser()"/>. It is made, for its user alone where the system knows that.</param>
    /// <param name="name">What the host is called.</param>
    /// <param name="endpoint">Where it is reached.</param>
    /// <param name="needsToken">Whether who calls it has to show a token.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static Announcement Write(string folder, string name, Uri endpoint, bool needsToken)
    {
        return Write(folder, name, endpoint.Port.ToString(CultureInfo.InvariantCulture), text =>
        {
            text["url"] = endpoint.AbsoluteUri;
            text["needsToken"] = needsToken;
        });
    }

    /// <summary>Announces a host that listens nowhere and comes to the routers of its user by itself.</summary>
    /// <param name="folder">Where: <see cref="HostFolder.ForUser()"/>.</param>
    /// <param name="name">What the host is called.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static Announcement WriteDialing(string folder, string name) =>
        Write(folder, name, FormattableString.Invariant($"dials-{Interlocked.Increment(ref s_dialing)}"), static text => text["dials"] = true);

    private static Announcement Write(string folder, string name, string suffix, Action<JsonObject> more)
    {
        using var process = Process.GetCurrentProcess();
        Directory.CreateDirectory(folder);
        PrivateFolder.Close(folder);
        var text = new JsonObject
        {
            ["version"] = 1,
            ["name"] = name,
            ["pid"] = process.Id,
            ["started"] = StartOf(process),
        };
        more(text);

        // Of each host one file, whatever its name holds.
        var file = Path.Combine(folder, FormattableString.Invariant($"{process.Id}-{suffix}.json"));
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes<JsonNode>(text, NodeJson.Default.JsonNode));
        File.Delete(file);
        File.Move(file + ".new", file);
        return new Announcement(file);
    }

    /// <summary>Takes it back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGone, 1) != 0) return;
        AppDomain.CurrentDomain.ProcessExit -= Ended;
#if NET
        _signals.Dispose();
#endif
        Delete();
    }

    private void Delete()
    {
        try
        {
            File.Delete(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who reads it sees that the process is gone, or that nobody answers.
        }
    }

    /// <summary>When the process began, by which a number that is used again is known; null where the runtime does not say.</summary>
    private static string? StartOf(Process process)
    {
        try
        {
            return process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private void Ended(object? sender, EventArgs e) => Dispose();
}
