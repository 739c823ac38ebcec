using System.Text;
using Microsoft.AspNetCore.Http;
using Mimir.Eras.Wire;

namespace Mimir.Eras.Http;

/// <summary>Frames as server-sent events on a reply, which stays JSON if the final frame is the first.</summary>
internal sealed class EventOutlet(HttpContext http) : IOutlet, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the reply has.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends the head before there is any event.</summary>
    public Task StartAsync() => LockedAsync(StartedAsync);

    /// <summary>Sends one event.</summary>
    public Task SendEventAsync(string type, string data) => LockedAsync(async () =>
    {
        await StartedAsync();
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {type}\ndata: {data}\n\n"));
        await http.Response.Body.FlushAsync();
    });

    /// <inheritdoc/>
    public async Task SendAsync(string json, bool final = false, int status = 200)
    {
        if (final && !http.Response.HasStarted)
        {
            await LockedAsync(() => StreamableReply.SendAsync(http, status, json));
        }
        else
        {
            await SendEventAsync("message", json);
        }

        if (final) _ended.TrySetResult();
    }

    /// <inheritdoc/>
    public async Task CloseAsync()
    {
        await LockedAsync(StartedAsync);
        _ended.TrySetResult();
    }

    /// <summary>Waits until the reply has ended or the peer has left. What comes later goes nowhere.</summary>
    public async Task FinishAsync()
    {
        var gone = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await Task.WhenAny(Ended, gone.Task);
        await LockedAsync(() =>
        {
            _ended.TrySetResult();
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task StartedAsync()
    {
        if (http.Response.HasStarted) return;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.StartAsync();
        await http.Response.Body.FlushAsync();
    }

    private async Task LockedAsync(Func<Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            // Once the reply is over the context belongs to another request.
            if (!_ended.Task.IsCompleted) await act();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer left.
            _ended.TrySetResult();
        }
        finally
        {
            _gate.Release();
        }
    }
}
