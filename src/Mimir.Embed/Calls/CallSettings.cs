using Mimir.Embed.Threads;

namespace Mimir.Embed.Calls;

/// <summary>What calls of a host have in common.</summary>
/// <param name="Main">The main thread.</param>
/// <param name="Stall">How long a call may wait for it to begin.</param>
/// <param name="Timeout">How long a call may take.</param>
/// <param name="QuestionTimeout">How long a user may take to answer.</param>
/// <param name="FailuresAreResults">Whether a tool that fails gives a result that says so, instead of an error.</param>
/// <param name="Parked">Calls that wait for a user.</param>
/// <param name="Slots">Room for calls.</param>
/// <param name="Log">Told what fails unforeseen.</param>
/// <param name="Stopping">Set when the host stops.</param>
internal sealed record CallSettings(IMainThread Main, TimeSpan Stall, TimeSpan Timeout, TimeSpan QuestionTimeout, bool FailuresAreResults, ParkedCalls Parked, CallSlots Slots, Action<string> Log, CancellationToken Stopping);
