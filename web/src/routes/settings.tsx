export { RankingSettings } from "@/features/for-you/components/ranking-settings";
export { AccountSettings } from "@/features/settings/components/account-settings";
export { AppearanceSettings } from "@/features/settings/components/appearance-settings";
export { BlockedPeople, MutedPeople } from "@/features/settings/components/hidden-people";
export { PasswordSettings } from "@/features/settings/components/password-settings";
export { PrivacySettings } from "@/features/settings/components/privacy-settings";
export { SessionsSettings } from "@/features/settings/components/sessions-settings";
export { SettingsLayout, SettingsOverview } from "@/features/settings/components/settings-layout";
