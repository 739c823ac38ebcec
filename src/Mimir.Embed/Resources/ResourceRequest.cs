using Mimir.Embed.Threads;

namespace Mimir.Embed.Resources;

/// <summary>One read of a resource.</summary>
public sealed class ResourceRequest
{
    internal ResourceRequest(string uri, IReadOnlyDictionary<string, string> variables, IMainThread main, CancellationToken cancellation)
    {
        Uri = uri;
        Variables = variables;
        Main = main;
        Cancellation = cancellation;
    }

    /// <summary>The address as it was sent.</summary>
    public string Uri { get; }

    /// <summary>What stands in it for the variables of the template, unescaped; empty for a plain resource.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>The app's main thread.</summary>
    public IMainThread Main { get; }

    /// <summary>Set when the client cancels the read or leaves, when its time is up and when the host stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Goes on in a later turn of the main thread: what is awaited on that thread lets a frame pass.</summary>
    /// <exception cref="InvalidOperationException">Too much waits for the main thread.</exception>
    /// <exception cref="OperationCanceledException">The read was cancelled.</exception>
    public Task NextFrameAsync() => MainThreadCalls.NextFrameAsync(Main, Cancellation);
}
