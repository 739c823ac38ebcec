using System.Text.Json.Nodes;

namespace Mimir.Embed.Subscriptions;

/// <summary>
/// Somebody who is told of changes. What changes several times in a short while is told once; whoever reads slowly is told less often,
/// and nothing piles up.
/// </summary>
/// <param name="send">Sends a notification: its method and its parameters.</param>
/// <param name="gone">Told when nothing can be sent any more.</param>
/// <param name="pause">How long changes are gathered before they are told.</param>
internal sealed class Subscriber(Func<string, JsonObject, Task> send, Action<Subscriber> gone, TimeSpan pause)
{
    /// <summary>Most addresses of one subscriber.</summary>
    public const int MaxUris = 1000;

    /// <summary>Sent when a resource has changed.</summary>
    private const string Updated = "notifications/resources/updated";

    private readonly object _gate = new();
    private readonly HashSet<(string Method, string? Uri)> _pending = [];
    private bool _isSending;
    private bool _isBegun;
    private bool _isEnded;

    /// <summary>The addresses, as they are told, by the one spelling of each. Guarded by the table that the subscriber is in.</summary>
    public Dictionary<string, string> Uris { get; } = new(StringComparer.Ordinal);

    /// <summary>Begins to tell; what was noted before is told now.</summary>
    public void Begin()
    {
        lock (_gate) _isBegun = true;
        Wake();
    }

    /// <summary>Tells nothing any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            _pending.Clear();
        }
    }

    /// <summary>Notes that a resource has changed.</summary>
    public void NoteUpdated(string uri) => Note((Updated, uri));

    /// <summary>Notes something that has no parameters.</summary>
    public void Note(string method) => Note((method, null));

    /// <summary>Takes back that a resource has changed: nobody asks for it any more.</summary>
    public void Forget(string uri)
    {
        lock (_gate) _pending.Remove((Updated, uri));
    }

    private void Note((string Method, string? Uri) what)
    {
        lock (_gate)
        {
            if (_isEnded) return;
            _pending.Add(what);
        }

        Wake();
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (!_isBegun || _isEnded || _isSending || _pending.Count == 0) return;
            _isSending = true;
        }

        _ = Task.Run(SendAsync);
    }

    private async Task SendAsync()
    {
        while (true)
        {
            await Task.Delay(pause);
            List<(string Method, string? Uri)> now;
            lock (_gate)
            {
                now = [.. _pending];
                _pending.Clear();
                if (now.Count == 0)
                {
                    _isSending = false;
                    return;
                }
            }

            try
            {
                foreach (var (method, uri) in now)
                {
                    lock (_gate) if (_isEnded) break;
                    await send(method, uri is null ? [] : new JsonObject { ["uri"] = uri });
                }
            }
            catch (Exception)
            {
                // The line is gone: there is nobody to tell, or to tell of it.
                gone(this);
            }
        }
    }
}
