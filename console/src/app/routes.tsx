import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';

const Dashboard = lazy(() => import('../pages/dashboard'));
const Tables = lazy(() => import('../pages/tables/list'));
const CreateTable = lazy(() => import('../pages/tables/create'));
const Table = lazy(() => import('../pages/tables/detail'));
const Explore = lazy(() => import('../pages/explore'));

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/" element={<Dashboard />} />
      <Route path="/tables" element={<Tables />} />
      <Route path="/tables/new" element={<CreateTable />} />
      <Route path="/tables/:table" element={<Table />} />
      <Route path="/explore/:table?" element={<Explore />} />
      <Route path="*" element={<Navigate to="/" replace />} />
    </Routes>
  );
}
